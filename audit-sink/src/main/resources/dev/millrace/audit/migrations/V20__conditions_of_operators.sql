-- Conditions in SQL that operators write for replays. In a transaction of the owner, SET ROLE is no
-- fence: a condition can set the role back, and have text run as the owner then. Within a function
-- of another role, Postgres lets nobody change the role: such a function runs them, and belongs to a
-- role that reads what analysts read, that nobody logs in as, and that analysts cannot become.

CREATE FUNCTION audit.as_analyst(query text, arguments text[]) RETURNS SETOF record
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, audit, knowledge, pg_temp
AS $$
BEGIN
    IF current_user <> 'millrace_conditions' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege',
            MESSAGE = 'conditions in SQL are off: function audit.as_analyst does not belong to the '
                || 'role millrace_conditions; the README of audit-sink says how to give it to it';
    END IF;
    RETURN QUERY EXECUTE query USING arguments;
END
$$;

COMMENT ON FUNCTION audit.as_analyst IS 'Runs a query with the rights of millrace_analyst; $1 in it are the arguments.';

REVOKE ALL ON FUNCTION audit.as_analyst FROM PUBLIC;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'millrace_conditions') THEN
        CREATE ROLE millrace_conditions NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN
        NULL; -- another sink made it at the same moment, or it cannot be made: the next block says so
END
$$;

DO $$
DECLARE
    sink name := current_user;
BEGIN
    IF NOT pg_has_role('millrace_conditions', 'millrace_analyst', 'USAGE') THEN
        GRANT millrace_analyst TO millrace_conditions;
    END IF;
    BEGIN
        EXECUTE format('GRANT millrace_conditions TO %I', sink);
    EXCEPTION
        WHEN insufficient_privilege THEN
            NULL; -- made and granted beforehand, or the next statements are refused
    END;
    GRANT CREATE ON SCHEMA audit TO millrace_conditions;
    ALTER FUNCTION audit.as_analyst OWNER TO millrace_conditions;
    REVOKE CREATE ON SCHEMA audit FROM millrace_conditions;
    EXECUTE format('GRANT EXECUTE ON FUNCTION audit.as_analyst TO %I', sink);
EXCEPTION
    WHEN insufficient_privilege OR undefined_object OR invalid_grant_operation THEN
        RAISE NOTICE 'conditions in SQL are off until role millrace_conditions is made by hand: see the README of audit-sink';
END
$$;
