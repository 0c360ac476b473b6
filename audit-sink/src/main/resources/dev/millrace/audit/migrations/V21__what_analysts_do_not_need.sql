-- Analysts read. What every role may do besides in a new database is taken away where the sink owns
-- the database; what belongs to the superuser is said.

DO $$
BEGIN
    IF has_database_privilege('millrace_analyst', current_database(), 'TEMPORARY') THEN
        EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        NULL; -- said below
END
$$;

DO $$
BEGIN
    IF has_database_privilege('millrace_analyst', current_database(), 'TEMPORARY')
        OR has_function_privilege('millrace_analyst', 'pg_catalog.lo_creat(integer)', 'EXECUTE')
        OR has_function_privilege('millrace_analyst', 'pg_catalog.pg_advisory_lock(bigint)', 'EXECUTE')
    THEN
        RAISE NOTICE 'millrace_analyst can keep large objects or temporary tables, or hold advisory locks: see the README of audit-sink';
    END IF;
END
$$;
