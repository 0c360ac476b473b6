-- Finds the task that a run not yet dispatched is to be the first of: the id of that run is the MD5 of
-- this text with six bits of it set, and the first twelve digits are left as they are.

CREATE INDEX ai_tasks_first_run ON public.ai_tasks (
    left(md5('run' || chr(10) || task_id || chr(10) || '1'), 12))
    WHERE run_id IS NULL OR completed_at IS NULL;
