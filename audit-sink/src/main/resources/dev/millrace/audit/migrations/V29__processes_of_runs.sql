-- Runs that are commands tell which process or container they are.

COMMENT ON COLUMN public.agents.container_id IS 'Its process: the name of its container, or host-pid- and the id of its command; where the worker itself runs it, host-pid- and that of the worker. Null before it started, and where a worker has another name.';
COMMENT ON COLUMN public.agents.metadata IS 'Further facts: agent, queue, attempt, provider, model, worker, process.';
