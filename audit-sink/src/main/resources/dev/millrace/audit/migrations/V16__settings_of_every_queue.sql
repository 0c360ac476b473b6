COMMENT ON TABLE public.queue_settings IS 'How each queue is set, from when it was first heard of.';
COMMENT ON COLUMN public.queue_settings.key IS 'paused (at any level), stop_on_failure, max_concurrent or another.';
COMMENT ON COLUMN public.queue_settings.reason IS 'Who changed it, and why; null as long as it is as configured.';
COMMENT ON COLUMN public.queue_settings.updated_at IS 'When it was changed last, or first seen.';
COMMENT ON COLUMN public.queue_settings.trace_id IS 'Trace of the change, or of the snapshot in which it was first seen.';
