-- A platform's event is from the platform, not from the gateway that wrote it. One that was written
-- twice, by two of those, stays as it is.

UPDATE public.ai_events event
SET source = event.subject
WHERE event.topic = 'platform.events'
  AND event.subject <> ''
  AND event.subject <> event.source
  AND NOT EXISTS (
      SELECT FROM public.ai_events other
      WHERE other.event_id = event.event_id
        AND other.event_type = event.event_type
        AND other.id <> event.id
        AND (other.source = event.subject OR other.subject = event.subject));

COMMENT ON COLUMN public.ai_events.source IS 'App or platform that says so; of an event of a platform the source that it names itself.';
