-- Read models: what analysts ask for most, kept up to date in the transaction that mirrors.

CREATE TABLE public.ai_tasks (
    task_id        text PRIMARY KEY,
    task_type      text,
    title          text,
    description    text,
    priority       text,
    status         text        NOT NULL DEFAULT 'pending',
    agent          text,
    queue          text,
    repository     text,
    file_path      text,
    branch         text,
    attempt        integer     NOT NULL DEFAULT 0,
    run_id         text,
    reason         text,
    result         jsonb,
    requested_by   text,
    tenant         text,
    parent_task_id text,
    trace_id       text        NOT NULL,
    commit_sha     text,
    commit_url     text,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    started_at     timestamptz,
    completed_at   timestamptz,
    event_offset   bigint      NOT NULL DEFAULT -1
);

CREATE INDEX ai_tasks_created_at ON public.ai_tasks (created_at);
CREATE INDEX ai_tasks_status ON public.ai_tasks (status, created_at);
CREATE INDEX ai_tasks_trace_id ON public.ai_tasks (trace_id);

COMMENT ON TABLE public.ai_tasks IS 'Every task, as it stands now. Its history is in ai_events.';
COMMENT ON COLUMN public.ai_tasks.task_id IS 'Identity of the task.';
COMMENT ON COLUMN public.ai_tasks.task_type IS 'Kind of work, for example documentation.';
COMMENT ON COLUMN public.ai_tasks.title IS 'Short title, when the request has one.';
COMMENT ON COLUMN public.ai_tasks.description IS 'What is to be done, in words.';
COMMENT ON COLUMN public.ai_tasks.priority IS 'critical, high, medium or low.';
COMMENT ON COLUMN public.ai_tasks.status IS 'pending, queued, assigned, in_progress, completed, failed, cancelled or paused.';
COMMENT ON COLUMN public.ai_tasks.agent IS 'Agent it is assigned to.';
COMMENT ON COLUMN public.ai_tasks.queue IS 'Queue it is in.';
COMMENT ON COLUMN public.ai_tasks.repository IS 'Repository it is about, as owner/name.';
COMMENT ON COLUMN public.ai_tasks.file_path IS 'File it is about.';
COMMENT ON COLUMN public.ai_tasks.branch IS 'Branch it works on; null for the default branch.';
COMMENT ON COLUMN public.ai_tasks.attempt IS 'Number of the latest run, from 1; 0 before the first.';
COMMENT ON COLUMN public.ai_tasks.run_id IS 'Latest run: agents.id.';
COMMENT ON COLUMN public.ai_tasks.reason IS 'Why it stands where it stands: of a failure, a rejection, a pause.';
COMMENT ON COLUMN public.ai_tasks.result IS 'Result of the agent, once completed.';
COMMENT ON COLUMN public.ai_tasks.requested_by IS 'Client that asked for it.';
COMMENT ON COLUMN public.ai_tasks.tenant IS 'Tenant it belongs to.';
COMMENT ON COLUMN public.ai_tasks.parent_task_id IS 'Task that started this one as a sub-task.';
COMMENT ON COLUMN public.ai_tasks.trace_id IS 'Trace of the request: everything it led to has the same.';
COMMENT ON COLUMN public.ai_tasks.commit_sha IS 'Latest commit an agent made for it.';
COMMENT ON COLUMN public.ai_tasks.commit_url IS 'Page that shows that commit.';
COMMENT ON COLUMN public.ai_tasks.created_at IS 'When it was asked for.';
COMMENT ON COLUMN public.ai_tasks.updated_at IS 'When anything last happened to it.';
COMMENT ON COLUMN public.ai_tasks.started_at IS 'When its first run started.';
COMMENT ON COLUMN public.ai_tasks.completed_at IS 'When it was completed, failed or cancelled; null while it may still run.';
COMMENT ON COLUMN public.ai_tasks.event_offset IS 'Offset in task.events of the step that status comes from; -1 before the first.';

CREATE TABLE public.ai_events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id    text        NOT NULL,
    event_type  text        NOT NULL,
    source      text        NOT NULL,
    subject     text,
    task_id     text,
    priority    text,
    data        jsonb       NOT NULL,
    trace_id    text        NOT NULL,
    topic       text        NOT NULL,
    partition   integer     NOT NULL,
    "offset"    bigint      NOT NULL,
    "timestamp" timestamptz NOT NULL,
    UNIQUE (event_id, event_type, source)
);

CREATE INDEX ai_events_type ON public.ai_events (event_type, "timestamp");
CREATE INDEX ai_events_timestamp ON public.ai_events ("timestamp");
CREATE INDEX ai_events_task_id ON public.ai_events (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX ai_events_trace_id ON public.ai_events (trace_id);

COMMENT ON TABLE public.ai_events IS 'What happened, one row an event, once however often it was delivered. Probes, metrics, log lines and signals are in audit.records only.';
COMMENT ON COLUMN public.ai_events.id IS 'Number of the row, in the order in which events were mirrored.';
COMMENT ON COLUMN public.ai_events.event_id IS 'Identity of the event.';
COMMENT ON COLUMN public.ai_events.event_type IS 'What happened: task_created, github_push, commit, agent_finished, blueprint_updated, health_anomaly_detected, ...';
COMMENT ON COLUMN public.ai_events.source IS 'App or platform that says so.';
COMMENT ON COLUMN public.ai_events.subject IS 'What it is about: a task, a run, a repository, a document, a learner, a project.';
COMMENT ON COLUMN public.ai_events.task_id IS 'Task it belongs to, if any.';
COMMENT ON COLUMN public.ai_events.priority IS 'critical, high, medium or low, for events that have one.';
COMMENT ON COLUMN public.ai_events.data IS 'The details that matter; all of them are in the payload of audit.records.';
COMMENT ON COLUMN public.ai_events.trace_id IS 'Trace it is in.';
COMMENT ON COLUMN public.ai_events.topic IS 'Topic of its record.';
COMMENT ON COLUMN public.ai_events.partition IS 'Kafka partition of its record.';
COMMENT ON COLUMN public.ai_events."offset" IS 'Offset of its record.';
COMMENT ON COLUMN public.ai_events."timestamp" IS 'When it happened.';

CREATE TABLE public.cost_tracking (
    id                 text PRIMARY KEY,
    "createdAt"        timestamptz   NOT NULL,
    component          text          NOT NULL,
    "costDollars"      numeric(20,6) NOT NULL,
    "cacheHitRate"     double precision,
    task_id            text          NOT NULL,
    run_id             text          NOT NULL,
    agent              text          NOT NULL,
    provider           text,
    model              text,
    input_tokens       bigint        NOT NULL,
    output_tokens      bigint        NOT NULL,
    cache_read_tokens  bigint        NOT NULL,
    cache_write_tokens bigint        NOT NULL,
    trace_id           text          NOT NULL
);

CREATE INDEX cost_tracking_created_at ON public.cost_tracking ("createdAt");
CREATE INDEX cost_tracking_task_id ON public.cost_tracking (task_id);

COMMENT ON TABLE public.cost_tracking IS 'What each call of a model used and cost.';
COMMENT ON COLUMN public.cost_tracking.id IS 'Identity of the event that reported it.';
COMMENT ON COLUMN public.cost_tracking."createdAt" IS 'When the call was answered.';
COMMENT ON COLUMN public.cost_tracking.component IS 'App that called, for example claude-worker.';
COMMENT ON COLUMN public.cost_tracking."costDollars" IS 'Cost by the price table, in US dollars.';
COMMENT ON COLUMN public.cost_tracking."cacheHitRate" IS 'Share of the read tokens that came from the prompt cache, from 0 to 1.';
COMMENT ON COLUMN public.cost_tracking.task_id IS 'Task it was spent on.';
COMMENT ON COLUMN public.cost_tracking.run_id IS 'Run it was spent in: agents.id.';
COMMENT ON COLUMN public.cost_tracking.agent IS 'Agent that ran.';
COMMENT ON COLUMN public.cost_tracking.provider IS 'Who answered: anthropic, openai, http, process or offline.';
COMMENT ON COLUMN public.cost_tracking.model IS 'Model that answered.';
COMMENT ON COLUMN public.cost_tracking.input_tokens IS 'Tokens read, without those from the cache.';
COMMENT ON COLUMN public.cost_tracking.output_tokens IS 'Tokens written.';
COMMENT ON COLUMN public.cost_tracking.cache_read_tokens IS 'Tokens read from the prompt cache.';
COMMENT ON COLUMN public.cost_tracking.cache_write_tokens IS 'Tokens written to the prompt cache.';
COMMENT ON COLUMN public.cost_tracking.trace_id IS 'Trace it is in.';

CREATE TABLE public.agents (
    id           text PRIMARY KEY,
    task_id      text        NOT NULL,
    agent_type   text        NOT NULL,
    status       text        NOT NULL,
    started_at   timestamptz,
    completed_at timestamptz,
    exit_code    integer,
    error        text,
    metadata     jsonb       NOT NULL,
    trace_id     text        NOT NULL
);

CREATE INDEX agents_task_id ON public.agents (task_id);
CREATE INDEX agents_started_at ON public.agents (started_at);

COMMENT ON TABLE public.agents IS 'Every run of an agent, as it stands now.';
COMMENT ON COLUMN public.agents.id IS 'Identity of the run.';
COMMENT ON COLUMN public.agents.task_id IS 'Task it works on.';
COMMENT ON COLUMN public.agents.agent_type IS 'Role in the development workflow (starter, coding, reviewer, ...), else the agent''s name.';
COMMENT ON COLUMN public.agents.status IS 'starting, running, completed, failed, timeout or killed.';
COMMENT ON COLUMN public.agents.started_at IS 'When it first started.';
COMMENT ON COLUMN public.agents.completed_at IS 'When it ended.';
COMMENT ON COLUMN public.agents.exit_code IS 'Exit code, for an agent that is a process.';
COMMENT ON COLUMN public.agents.error IS 'Why it failed.';
COMMENT ON COLUMN public.agents.metadata IS 'Further facts: agent, queue, attempt, provider, model, worker.';
COMMENT ON COLUMN public.agents.trace_id IS 'Trace it is in.';

CREATE TABLE public.agent_logs (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agent_id    text        NOT NULL,
    "timestamp" timestamptz NOT NULL,
    stream      text        NOT NULL,
    content     text        NOT NULL,
    sequence    bigint      NOT NULL,
    task_id     text        NOT NULL,
    trace_id    text        NOT NULL
);

CREATE INDEX agent_logs_agent_id ON public.agent_logs (agent_id, sequence);

COMMENT ON TABLE public.agent_logs IS 'What agents wrote while they ran, line by line.';
COMMENT ON COLUMN public.agent_logs.id IS 'Number of the row, in the order in which lines were mirrored.';
COMMENT ON COLUMN public.agent_logs.agent_id IS 'Run that wrote it: agents.id.';
COMMENT ON COLUMN public.agent_logs."timestamp" IS 'When it was written.';
COMMENT ON COLUMN public.agent_logs.stream IS 'stdout, stderr or combined.';
COMMENT ON COLUMN public.agent_logs.content IS 'The line.';
COMMENT ON COLUMN public.agent_logs.sequence IS 'Number of the line in the run, from 0.';
COMMENT ON COLUMN public.agent_logs.task_id IS 'Task the run works on.';
COMMENT ON COLUMN public.agent_logs.trace_id IS 'Trace it is in.';

CREATE TABLE public.learning_intents (
    intent_id        text        NOT NULL,
    user_id          text        NOT NULL,
    topic            text        NOT NULL,
    depth            text        NOT NULL,
    end_goal         text        NOT NULL,
    time_per_day_min integer     NOT NULL,
    user_tz          text        NOT NULL,
    meta             jsonb       NOT NULL,
    active           boolean     NOT NULL,
    created_at       timestamptz NOT NULL,
    trace_id         text        NOT NULL,
    PRIMARY KEY (user_id, intent_id)
);

COMMENT ON TABLE public.learning_intents IS 'What learners want to learn; at most one intent of a learner is active.';
COMMENT ON COLUMN public.learning_intents.intent_id IS 'Identity of the intent.';
COMMENT ON COLUMN public.learning_intents.user_id IS 'The learner.';
COMMENT ON COLUMN public.learning_intents.topic IS 'Subject, for example Machine Learning.';
COMMENT ON COLUMN public.learning_intents.depth IS 'surface, informed or deep.';
COMMENT ON COLUMN public.learning_intents.end_goal IS 'What the learner wants to be able to do.';
COMMENT ON COLUMN public.learning_intents.time_per_day_min IS 'Minutes a day.';
COMMENT ON COLUMN public.learning_intents.user_tz IS 'Time zone of the learner, an IANA name.';
COMMENT ON COLUMN public.learning_intents.meta IS 'Further preferences.';
COMMENT ON COLUMN public.learning_intents.active IS 'Whether it is what the learner learns now.';
COMMENT ON COLUMN public.learning_intents.created_at IS 'When it was stated.';
COMMENT ON COLUMN public.learning_intents.trace_id IS 'Trace of the event that stated it last.';

CREATE TABLE public.learning_sessions (
    session_id          text    NOT NULL,
    user_id             text    NOT NULL,
    week                integer,
    day                 integer,
    intent_id           text,
    topic               text,
    title               text,
    description         text,
    plan_md             text,
    steps               jsonb,
    degraded_mode       boolean,
    generator           text,
    created_at          timestamptz,
    completion_time_min integer,
    confidence          integer,
    notes               text,
    completed_at        timestamptz,
    trace_id            text    NOT NULL,
    PRIMARY KEY (session_id, user_id)
);

CREATE INDEX learning_sessions_user_id ON public.learning_sessions (user_id, created_at);

COMMENT ON TABLE public.learning_sessions IS 'Days planned for learners, and how they were completed. A completion of a session that was never planned for that learner has created_at null.';
COMMENT ON COLUMN public.learning_sessions.session_id IS 'Identity of the session.';
COMMENT ON COLUMN public.learning_sessions.user_id IS 'The learner.';
COMMENT ON COLUMN public.learning_sessions.week IS 'Week, from 1.';
COMMENT ON COLUMN public.learning_sessions.day IS 'Day of the week, from 1.';
COMMENT ON COLUMN public.learning_sessions.intent_id IS 'Intent it is for.';
COMMENT ON COLUMN public.learning_sessions.topic IS 'Subject.';
COMMENT ON COLUMN public.learning_sessions.title IS 'Title of the day.';
COMMENT ON COLUMN public.learning_sessions.description IS 'What the day is about.';
COMMENT ON COLUMN public.learning_sessions.plan_md IS 'The plan as Markdown.';
COMMENT ON COLUMN public.learning_sessions.steps IS 'What to do, in order, as an array of texts.';
COMMENT ON COLUMN public.learning_sessions.degraded_mode IS 'Whether signals were missing or stale.';
COMMENT ON COLUMN public.learning_sessions.generator IS 'What made the plan: offline, or a model.';
COMMENT ON COLUMN public.learning_sessions.created_at IS 'When it was planned.';
COMMENT ON COLUMN public.learning_sessions.completion_time_min IS 'Minutes it took.';
COMMENT ON COLUMN public.learning_sessions.confidence IS 'How sure the learner feels, from 1 to 10.';
COMMENT ON COLUMN public.learning_sessions.notes IS 'What the learner noted.';
COMMENT ON COLUMN public.learning_sessions.completed_at IS 'When it was completed.';
COMMENT ON COLUMN public.learning_sessions.trace_id IS 'Trace of the plan, or of the completion before there is one.';

CREATE TABLE public.learning_statuses (
    user_id    text PRIMARY KEY,
    status     jsonb       NOT NULL,
    updated_at timestamptz NOT NULL,
    trace_id   text        NOT NULL
);

COMMENT ON TABLE public.learning_statuses IS 'Where each learner stands now.';
COMMENT ON COLUMN public.learning_statuses.user_id IS 'The learner.';
COMMENT ON COLUMN public.learning_statuses.status IS 'The latest record of learning.statuses.';
COMMENT ON COLUMN public.learning_statuses.updated_at IS 'When it changed.';
COMMENT ON COLUMN public.learning_statuses.trace_id IS 'Trace of what changed it.';

CREATE TABLE public.health_projects (
    project          text PRIMARY KEY,
    status           text NOT NULL DEFAULT 'unknown',
    reason           text,
    response_time_ms double precision,
    changed_at       timestamptz,
    last_probe_at    timestamptz,
    trace_id         text NOT NULL
);

COMMENT ON TABLE public.health_projects IS 'How each watched project is now.';
COMMENT ON COLUMN public.health_projects.project IS 'The project.';
COMMENT ON COLUMN public.health_projects.status IS 'healthy, degraded, down or unknown.';
COMMENT ON COLUMN public.health_projects.reason IS 'What was observed.';
COMMENT ON COLUMN public.health_projects.response_time_ms IS 'Response time of the latest probe, in milliseconds.';
COMMENT ON COLUMN public.health_projects.changed_at IS 'When the status last changed.';
COMMENT ON COLUMN public.health_projects.last_probe_at IS 'When it was last probed.';
COMMENT ON COLUMN public.health_projects.trace_id IS 'Trace of the latest change of status.';
