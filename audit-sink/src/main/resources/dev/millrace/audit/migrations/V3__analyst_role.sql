-- The role analysts read with. Where the operator made it beforehand, it is used as it is.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'millrace_analyst') THEN
        CREATE ROLE millrace_analyst NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL; -- another app made it at the same moment
END
$$;

DO $$
BEGIN
    ALTER ROLE millrace_analyst SET search_path = public, audit, knowledge;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'set search_path = public, audit, knowledge for role millrace_analyst by hand';
END
$$;

GRANT USAGE ON SCHEMA audit TO millrace_analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA audit TO millrace_analyst;
ALTER DEFAULT PRIVILEGES IN SCHEMA audit GRANT SELECT ON TABLES TO millrace_analyst;

GRANT SELECT ON
    public.ai_tasks, public.ai_events, public.cost_tracking, public.agents, public.agent_logs,
    public.learning_intents, public.learning_sessions, public.learning_statuses,
    public.health_projects
TO millrace_analyst;

DO $$
BEGIN
    ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO millrace_analyst;
EXCEPTION
    WHEN unique_violation OR internal_error THEN
        NULL; -- another app said the same at the same moment
END
$$;
