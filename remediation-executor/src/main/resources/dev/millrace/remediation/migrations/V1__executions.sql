CREATE TABLE remediation.executions (
    command_id   text             PRIMARY KEY,
    project      text             NOT NULL,
    action       text             NOT NULL,
    anomaly_id   text,
    analysis_id  text,
    requested_by text,
    confidence   double precision NOT NULL,
    state        text             NOT NULL CHECK (state IN ('STARTED', 'SUCCEEDED', 'FAILED', 'SKIPPED')),
    reason       text,
    hook         text             CHECK (hook IN ('command', 'http')),
    exit_code    integer,
    output       text,
    trace_id     text             NOT NULL,
    started_at   timestamptz      NOT NULL,
    finished_at  timestamptz,
    CHECK ((state = 'STARTED') = (finished_at IS NULL))
);

CREATE INDEX executions_by_project ON remediation.executions (project, started_at DESC);

COMMENT ON TABLE remediation.executions IS 'Every remediation command that was taken, written before anything is done and completed after it.';
COMMENT ON COLUMN remediation.executions.command_id IS 'Identity of the command; carried out at most once.';
COMMENT ON COLUMN remediation.executions.project IS 'Project it was for.';
COMMENT ON COLUMN remediation.executions.action IS 'What was to be done.';
COMMENT ON COLUMN remediation.executions.anomaly_id IS 'Anomaly it answers.';
COMMENT ON COLUMN remediation.executions.analysis_id IS 'Analysis it rests on.';
COMMENT ON COLUMN remediation.executions.requested_by IS 'Who decided: an app, or a person.';
COMMENT ON COLUMN remediation.executions.confidence IS 'How sure the analysis was, from 0 to 1.';
COMMENT ON COLUMN remediation.executions.state IS 'STARTED while it runs, or when it is unknown how it ended; SUCCEEDED, FAILED or SKIPPED after.';
COMMENT ON COLUMN remediation.executions.reason IS 'Why it failed or was skipped.';
COMMENT ON COLUMN remediation.executions.hook IS 'Kind of hook that ran: command or http.';
COMMENT ON COLUMN remediation.executions.exit_code IS 'Exit code of a command, or status of an HTTP answer.';
COMMENT ON COLUMN remediation.executions.output IS 'What the hook said, shortened and redacted.';
COMMENT ON COLUMN remediation.executions.trace_id IS 'Trace the command is in.';
COMMENT ON COLUMN remediation.executions.started_at IS 'When it was started, or skipped.';
COMMENT ON COLUMN remediation.executions.finished_at IS 'When it ended.';

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'millrace_analyst') THEN
        CREATE ROLE millrace_analyst NOLOGIN;
    END IF;
EXCEPTION
    -- Another app's migration made it between the question and the answer.
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

GRANT USAGE ON SCHEMA remediation TO millrace_analyst;
GRANT SELECT ON remediation.executions TO millrace_analyst;
