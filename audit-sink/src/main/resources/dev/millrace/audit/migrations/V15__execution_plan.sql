-- The plan of a task is what the starter of its flow answered, not what any sub-task came to. The
-- steps of a flow are called FLOW.NUMBER-ROLE.

CREATE OR REPLACE VIEW public.tasks AS
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
    SELECT coalesce(nullif(step.result->'answer', 'null'), step.result) AS result
    FROM public.ai_tasks step
    WHERE step.parent_task_id = t.task_id
      AND step.status = 'completed'
      AND step.task_id ~ '\.[0-9]+-starter$'
    ORDER BY step.completed_at
    LIMIT 1
) plan ON true;

COMMENT ON COLUMN public.tasks.execution_plan IS 'What the starter of its flow answered, in the development workflow: plan and next; all of the result where it has no answer. Null for others.';
