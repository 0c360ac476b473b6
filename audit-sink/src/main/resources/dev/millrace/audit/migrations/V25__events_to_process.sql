-- Events that somebody is to process, and what says that it was done: a mark, or a step of a flow.
-- Those that are here already count as processed: which of them were created to be is not known.

ALTER TABLE public.ai_events ADD COLUMN to_process boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN public.ai_events.to_process IS 'Whether it was created for somebody to process (POST /api/events). It is processed once an event_processed of the gateway, or a step of a flow, names it: as event_id, or as cause_id in its data.';

CREATE INDEX ai_events_to_process ON public.ai_events (id) WHERE to_process;

CREATE INDEX ai_events_causes ON public.ai_events ((data->>'cause_id'))
    WHERE topic = 'workflow.events';
