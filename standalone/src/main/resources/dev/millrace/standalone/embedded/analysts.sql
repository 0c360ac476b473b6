-- What Postgres lets every role do, and those who only read are not to: keep large objects and
-- temporary tables, and hold advisory locks, which the apps wait for. Read by psql as a superuser,
-- any number of times; the role of the apps is millrace.

\connect millrace

GRANT millrace_analyst TO millrace WITH ADMIN OPTION;
REVOKE TEMPORARY ON DATABASE millrace FROM PUBLIC;

DO $$
DECLARE
    denied record;
BEGIN
    FOR denied IN
        SELECT p.oid::regprocedure AS function, p.proname ~ 'advisory' AS is_lock
        FROM pg_proc p
        WHERE p.pronamespace = 'pg_catalog'::regnamespace
          AND (p.proname ~ '^pg_(try_)?advisory_'
            OR p.proname IN (
                'lo_creat', 'lo_create', 'lo_export', 'lo_from_bytea', 'lo_import', 'lo_open',
                'lo_put', 'lo_truncate', 'lo_truncate64', 'lo_unlink', 'lowrite'))
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', denied.function);
        IF denied.is_lock THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO millrace', denied.function);
        END IF;
    END LOOP;
END
$$;
