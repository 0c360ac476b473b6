-- A run is known to those who watch processes by the process that does it.

ALTER TABLE public.agents
    ADD COLUMN container_id text,
    ADD COLUMN logs text;

UPDATE public.agents
SET container_id = 'host-pid-' || nullif(split_part(metadata->>'worker', ':', 2), '')
WHERE metadata->>'worker' IS NOT NULL;

COMMENT ON COLUMN public.agents.container_id IS 'Process that runs it: host-pid- and the process id of its worker. Null before it started, and where a worker has another name.';
COMMENT ON COLUMN public.agents.logs IS 'Always null: what it wrote is in agent_logs, line by line.';
