-- Models look at anomalies, too.

COMMENT ON COLUMN public.cost_tracking.agent IS 'Agent that ran; else what the call was for: embedding, answer or diagnosis.';
COMMENT ON COLUMN public.cost_tracking.task_id IS 'Task it was spent on; null for embeddings of documents, for diagnoses of anomalies, and for searches and questions of no task.';
