-- Replays, each with how far it is: a sink that goes on with one starts from here.

CREATE TABLE audit.replays (
    id           text        PRIMARY KEY,
    status       text        NOT NULL,
    request      jsonb       NOT NULL,
    reason       text,
    requested_by text        NOT NULL,
    requested_at timestamptz NOT NULL,
    started_at   timestamptz,
    finished_at  timestamptz,
    total        bigint,
    seen         bigint      NOT NULL DEFAULT 0,
    matched      bigint      NOT NULL DEFAULT 0,
    written      bigint      NOT NULL DEFAULT 0,
    position     jsonb,
    sample       jsonb       NOT NULL DEFAULT '[]',
    file         text,
    file_bytes   bigint      NOT NULL DEFAULT 0,
    error        text,
    owner        text,
    lease_until  timestamptz,
    trace_id     text        NOT NULL
);

CREATE INDEX replays_requested_at ON audit.replays (requested_at);

COMMENT ON TABLE audit.replays IS 'Replays: who asked for what and why, how far each is, and what became of it.';
COMMENT ON COLUMN audit.replays.id IS 'Identity of the replay; stands in the header millrace_replay_id of what it wrote.';
COMMENT ON COLUMN audit.replays.status IS 'pending, running, completed, cancelled or failed.';
COMMENT ON COLUMN audit.replays.request IS 'What was asked for, as in replay.commands.';
COMMENT ON COLUMN audit.replays.reason IS 'Why it was asked for.';
COMMENT ON COLUMN audit.replays.requested_by IS 'Client or person that asked.';
COMMENT ON COLUMN audit.replays.requested_at IS 'When.';
COMMENT ON COLUMN audit.replays.started_at IS 'When it first ran.';
COMMENT ON COLUMN audit.replays.finished_at IS 'When it ended, in whatever way.';
COMMENT ON COLUMN audit.replays.total IS 'Records to look at: rows that match in the mirror, or offsets of the topics; null before it runs.';
COMMENT ON COLUMN audit.replays.seen IS 'Of those, how many it has looked at.';
COMMENT ON COLUMN audit.replays.matched IS 'Records that match.';
COMMENT ON COLUMN audit.replays.written IS 'Records it wrote.';
COMMENT ON COLUMN audit.replays.position IS 'By topic-partition, the offsets between which records are still to be looked at.';
COMMENT ON COLUMN audit.replays.sample IS 'The first records that match.';
COMMENT ON COLUMN audit.replays.file IS 'File it wrote to, below the directory of the sink.';
COMMENT ON COLUMN audit.replays.file_bytes IS 'Length of that file up to where it is complete.';
COMMENT ON COLUMN audit.replays.error IS 'Why it failed.';
COMMENT ON COLUMN audit.replays.owner IS 'Sink that runs it.';
COMMENT ON COLUMN audit.replays.lease_until IS 'After this, another sink may go on with it.';
COMMENT ON COLUMN audit.replays.trace_id IS 'Trace of the request.';

-- The conditions that operators write are run as the role that can only read.
DO $$
BEGIN
    EXECUTE format('GRANT millrace_analyst TO %I', current_user);
EXCEPTION
    WHEN insufficient_privilege OR invalid_grant_operation OR unique_violation OR internal_error THEN
        RAISE NOTICE 'grant millrace_analyst to the role of the sink by hand';
END
$$;
