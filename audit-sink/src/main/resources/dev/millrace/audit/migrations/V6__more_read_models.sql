-- The work of the queues under the names that tools on top know, what was found and repaired, and
-- who may see what of the learners.

CREATE VIEW public.tasks AS
SELECT
    t.task_id AS id,
    coalesce(t.title, left(t.description, 80)) AS title,
    t.description,
    t.status,
    t.repository AS repo,
    array_remove(ARRAY[t.repository], NULL) AS repos,
    plan.result AS execution_plan,
    t.run_id AS assigned_agent_id,
    t.agent AS assigned_agent,
    t.parent_task_id,
    t.created_at,
    t.updated_at
FROM public.ai_tasks t
LEFT JOIN LATERAL (
    SELECT step.result
    FROM public.ai_tasks step
    WHERE step.parent_task_id = t.task_id AND step.status = 'completed'
    ORDER BY step.completed_at
    LIMIT 1
) plan ON true;

CREATE INDEX ai_tasks_parent_task_id ON public.ai_tasks (parent_task_id)
    WHERE parent_task_id IS NOT NULL;

COMMENT ON VIEW public.tasks IS 'Tasks as a board shows them; ai_tasks has everything.';
COMMENT ON COLUMN public.tasks.id IS 'Identity of the task.';
COMMENT ON COLUMN public.tasks.title IS 'Its title, else how its description begins.';
COMMENT ON COLUMN public.tasks.description IS 'What is to be done, in words.';
COMMENT ON COLUMN public.tasks.status IS 'pending, queued, assigned, in_progress, completed, failed, cancelled or paused.';
COMMENT ON COLUMN public.tasks.repo IS 'Repository it is about, as owner/name.';
COMMENT ON COLUMN public.tasks.repos IS 'The same as a list.';
COMMENT ON COLUMN public.tasks.execution_plan IS 'Result of the first of its sub-tasks that was completed: the plan, in the development workflow.';
COMMENT ON COLUMN public.tasks.assigned_agent_id IS 'Latest run: agents.id.';
COMMENT ON COLUMN public.tasks.assigned_agent IS 'Agent it is assigned to.';
COMMENT ON COLUMN public.tasks.parent_task_id IS 'Task that started this one as a sub-task.';
COMMENT ON COLUMN public.tasks.created_at IS 'When it was asked for.';
COMMENT ON COLUMN public.tasks.updated_at IS 'When anything last happened to it.';

CREATE VIEW public.queue AS
SELECT
    t.task_id,
    t.queue AS queue_name,
    CASE
        WHEN t.status IN ('pending', 'queued', 'paused') THEN row_number() OVER (
            PARTITION BY t.queue, t.status IN ('pending', 'queued', 'paused')
            ORDER BY
                array_position(ARRAY['critical', 'high', 'medium', 'low'], t.priority), t.created_at)
    END AS position,
    CASE
        WHEN t.status IN ('pending', 'queued', 'paused') THEN 'queued'
        WHEN t.status IN ('assigned', 'in_progress') THEN 'processing'
        WHEN t.status = 'completed' THEN 'completed'
        ELSE 'failed'
    END AS status,
    t.created_at AS queued_at,
    t.completed_at
FROM public.ai_tasks t
WHERE t.queue IS NOT NULL;

COMMENT ON VIEW public.queue IS 'What waits, runs and is done in each queue.';
COMMENT ON COLUMN public.queue.task_id IS 'The task.';
COMMENT ON COLUMN public.queue.queue_name IS 'The queue: the name of its agent.';
COMMENT ON COLUMN public.queue.position IS 'Place among those that wait, from 1, by priority and age; moves made by hand are not seen here. Null for others.';
COMMENT ON COLUMN public.queue.status IS 'queued, processing, completed or failed; a cancelled task counts as failed.';
COMMENT ON COLUMN public.queue.queued_at IS 'When it was asked for.';
COMMENT ON COLUMN public.queue.completed_at IS 'When it ended.';

CREATE TABLE public.queue_settings (
    queue      text        NOT NULL,
    key        text        NOT NULL,
    value      text        NOT NULL,
    reason     text,
    updated_at timestamptz NOT NULL,
    trace_id   text        NOT NULL,
    PRIMARY KEY (queue, key)
);

COMMENT ON TABLE public.queue_settings IS 'Settings of queues that were changed while they ran; the others are as configured.';
COMMENT ON COLUMN public.queue_settings.queue IS 'The queue: the name of its agent.';
COMMENT ON COLUMN public.queue_settings.key IS 'paused, stop_on_failure, max_concurrent or another.';
COMMENT ON COLUMN public.queue_settings.value IS 'Its value.';
COMMENT ON COLUMN public.queue_settings.reason IS 'Who changed it, and why.';
COMMENT ON COLUMN public.queue_settings.updated_at IS 'When it was changed last.';
COMMENT ON COLUMN public.queue_settings.trace_id IS 'Trace of the change.';

CREATE TABLE public.health_anomalies (
    anomaly_id  text PRIMARY KEY,
    project     text        NOT NULL,
    type        text        NOT NULL,
    severity    text        NOT NULL,
    metric      text,
    value       double precision,
    threshold   double precision,
    synthetic   boolean     NOT NULL,
    detected_at timestamptz NOT NULL,
    trace_id    text        NOT NULL
);

CREATE INDEX health_anomalies_detected_at ON public.health_anomalies (detected_at);

COMMENT ON TABLE public.health_anomalies IS 'What was found wrong with watched projects.';
COMMENT ON COLUMN public.health_anomalies.anomaly_id IS 'Identity of the anomaly.';
COMMENT ON COLUMN public.health_anomalies.project IS 'The project.';
COMMENT ON COLUMN public.health_anomalies.type IS 'down, degraded, high_memory, high_cpu, high_error, or another.';
COMMENT ON COLUMN public.health_anomalies.severity IS 'info, warning or critical.';
COMMENT ON COLUMN public.health_anomalies.metric IS 'Metric that showed it.';
COMMENT ON COLUMN public.health_anomalies.value IS 'What was found.';
COMMENT ON COLUMN public.health_anomalies.threshold IS 'What was allowed.';
COMMENT ON COLUMN public.health_anomalies.synthetic IS 'Whether it was made up for a test.';
COMMENT ON COLUMN public.health_anomalies.detected_at IS 'When.';
COMMENT ON COLUMN public.health_anomalies.trace_id IS 'Trace it is in.';

CREATE TABLE public.remediations (
    anomaly_id           text PRIMARY KEY,
    project              text NOT NULL,
    anomaly_type         text,
    analysis_id          text,
    analyzer             text,
    action               text,
    confidence           double precision,
    confidence_threshold double precision,
    decision             text,
    reasoning            text,
    decided_at           timestamptz,
    command_id           text,
    outcome              text,
    outcome_reason       text,
    duration_ms          bigint,
    finished_at          timestamptz,
    trace_id             text NOT NULL
);

CREATE INDEX remediations_decided_at ON public.remediations (decided_at);

COMMENT ON TABLE public.remediations IS 'What was decided about each anomaly, with which confidence, and what came of it.';
COMMENT ON COLUMN public.remediations.anomaly_id IS 'The anomaly: health_anomalies.anomaly_id.';
COMMENT ON COLUMN public.remediations.project IS 'The project.';
COMMENT ON COLUMN public.remediations.anomaly_type IS 'What was wrong.';
COMMENT ON COLUMN public.remediations.analysis_id IS 'The latest analysis.';
COMMENT ON COLUMN public.remediations.analyzer IS 'What analysed it: rules, or a model.';
COMMENT ON COLUMN public.remediations.action IS 'What should be done: restart_service, clear_cache or pause_service.';
COMMENT ON COLUMN public.remediations.confidence IS 'How sure the analysis was, from 0 to 1.';
COMMENT ON COLUMN public.remediations.confidence_threshold IS 'Confidence above which an action is executed.';
COMMENT ON COLUMN public.remediations.decision IS 'execute, escalate or suppress.';
COMMENT ON COLUMN public.remediations.reasoning IS 'Why, in words.';
COMMENT ON COLUMN public.remediations.decided_at IS 'When it was decided.';
COMMENT ON COLUMN public.remediations.command_id IS 'Command that was carried out.';
COMMENT ON COLUMN public.remediations.outcome IS 'started, succeeded, failed or skipped; null when nothing was to be done.';
COMMENT ON COLUMN public.remediations.outcome_reason IS 'Why it failed or was skipped.';
COMMENT ON COLUMN public.remediations.duration_ms IS 'How long it took, in milliseconds.';
COMMENT ON COLUMN public.remediations.finished_at IS 'When it ended.';
COMMENT ON COLUMN public.remediations.trace_id IS 'Trace of the decision, or of the outcome before there is one.';

GRANT SELECT ON
    public.tasks, public.queue, public.queue_settings, public.health_anomalies, public.remediations
TO millrace_analyst;

-- A learner's connection names the learner (SET millrace.user_id = '...') and sees no other's rows.
-- The owner of the tables, who is the service, is not bound by this; analysts see all.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'millrace_learner') THEN
        CREATE ROLE millrace_learner NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL; -- another sink made it at the same moment
END
$$;

DO $$
DECLARE
    learned text;
BEGIN
    FOREACH learned IN ARRAY ARRAY['learning_intents', 'learning_sessions', 'learning_statuses']
    LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', learned);
        EXECUTE format(
            'CREATE POLICY analysts_see_all ON public.%I FOR SELECT TO millrace_analyst USING (true)',
            learned);
        EXECUTE format(
            'CREATE POLICY learners_see_their_own ON public.%I FOR SELECT TO millrace_learner '
            || 'USING (user_id = current_setting(''millrace.user_id'', true))',
            learned);
        EXECUTE format('GRANT SELECT ON public.%I TO millrace_learner', learned);
    END LOOP;
END
$$;
