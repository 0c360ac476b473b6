-- Lists that end after their newest rows: each index has their order and the conditions of its query.

-- Tasks that ended, the latest first.
CREATE INDEX ai_tasks_finished ON public.ai_tasks (completed_at)
    WHERE status IN ('completed', 'failed', 'cancelled');

-- Events of platforms that can be marked, the latest first.
CREATE INDEX ai_events_platform ON public.ai_events (id)
    WHERE topic = 'platform.events' AND event_type <> 'event_processed';

-- Whether an event was marked.
CREATE INDEX ai_events_marks ON public.ai_events ((data->>'event_id'))
    WHERE event_type = 'event_processed';
