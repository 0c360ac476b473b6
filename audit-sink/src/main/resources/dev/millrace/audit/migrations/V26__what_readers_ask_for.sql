-- Agents that were asked for are listed before their first run is dispatched.

ALTER TABLE public.ai_tasks ADD COLUMN spawned_as text;

COMMENT ON COLUMN public.ai_tasks.spawned_as IS 'Role or name of the agent that it was asked for as, by POST /api/agents/spawn; null for others.';

CREATE INDEX ai_tasks_spawned ON public.ai_tasks (created_at)
    WHERE spawned_as IS NOT NULL AND completed_at IS NULL;

-- What agents spend is asked for by the name of the part that it is, not of the app that ran them.

UPDATE public.cost_tracking SET component = 'orchestrator' WHERE run_id IS NOT NULL;

COMMENT ON COLUMN public.cost_tracking.component IS 'Part that spent it: orchestrator for runs of agents, media for images and clips of videos; else the app that called, for example embedding-worker.';

-- An entry of a queue has an identity, for tools that want one of each row.

CREATE OR REPLACE VIEW public.queue AS
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
    t.completed_at,
    t.task_id AS id
FROM public.ai_tasks t
WHERE t.queue IS NOT NULL;

COMMENT ON COLUMN public.queue.id IS 'Identity of the entry: that of its task, which is in one queue once.';
