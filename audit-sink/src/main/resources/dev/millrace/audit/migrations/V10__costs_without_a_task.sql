-- Embeddings and answers are paid for too, often for no task and never within a run.

ALTER TABLE public.cost_tracking
    ALTER COLUMN task_id DROP NOT NULL,
    ALTER COLUMN run_id  DROP NOT NULL;

UPDATE public.cost_tracking SET task_id = NULL WHERE task_id = '';
UPDATE public.cost_tracking SET run_id  = NULL WHERE run_id = '';

COMMENT ON COLUMN public.cost_tracking.task_id IS 'Task it was spent on; null for embeddings of documents, and for searches and questions of no task.';
COMMENT ON COLUMN public.cost_tracking.run_id IS 'Run it was spent in: agents.id; null for what an agent did not spend itself, such as the embedding of what it searches for.';
COMMENT ON COLUMN public.cost_tracking.agent IS 'Agent that ran; else what the call was for: embedding or answer.';
COMMENT ON COLUMN public.cost_tracking.provider IS 'Who answered: anthropic, openai, http, process or offline.';
