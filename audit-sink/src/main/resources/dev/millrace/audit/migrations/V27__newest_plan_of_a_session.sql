COMMENT ON COLUMN public.learning_sessions.degraded_mode IS 'Whether signal agents failed, or had no usable signal.';
COMMENT ON COLUMN public.learning_sessions.created_at IS 'When it was planned last.';
COMMENT ON COLUMN public.learning_sessions.trace_id IS 'Trace of the newest plan, or of the completion before there is one.';
