-- Tasks may name further repositories, which their agents read.

ALTER TABLE public.ai_tasks ADD COLUMN repositories text[] NOT NULL DEFAULT '{}';

COMMENT ON COLUMN public.ai_tasks.repositories IS 'Further repositories that its agent may read, as owner/name.';

CREATE OR REPLACE VIEW public.tasks AS
SELECT
    t.task_id AS id,
    coalesce(t.title, left(t.description, 80)) AS title,
    t.description,
    t.status,
    t.repository AS repo,
    array_remove(array_prepend(t.repository, t.repositories), NULL) AS repos,
    plan.result AS execution_plan,
    t.run_id AS assigned_agent_id,
    t.agent AS assigned_agent,
    t.parent_task_id,
    t.created_at,
    t.updated_at
FROM public.ai_tasks t
LEFT JOIN LATERAL (
    SELECT coalesce(nullif(step.result->'answer', 'null'), step.result) AS result
    FROM public.ai_tasks step
    WHERE step.parent_task_id = t.task_id
      AND step.status = 'completed'
      AND step.task_id ~ '\.[0-9]+-starter$'
    ORDER BY step.completed_at
    LIMIT 1
) plan ON true;

COMMENT ON COLUMN public.tasks.repos IS 'That repository, and the further ones that its agent may read.';
