-- The place of one of a million waiting tasks is read in at most 30 ms, without this index in 300.

CREATE INDEX ai_tasks_waiting ON public.ai_tasks (
    coalesce(queue, agent),
    array_position(ARRAY['critical', 'high', 'medium', 'low'], priority),
    created_at,
    task_id)
    WHERE status IN ('pending', 'queued', 'paused');
