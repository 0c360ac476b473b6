-- Analysts sort and group millions of rows; with the default of 4 MB they do it on disk.

DO $$
BEGIN
    ALTER ROLE millrace_analyst SET work_mem = '64MB';
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'set work_mem = 64MB for role millrace_analyst by hand';
END
$$;
