-- A completion may be mirrored before its plan, so its row waits here. Until the plan is there, and
-- for good where there never was one, it is no session: whoever reads sees none.
ALTER POLICY analysts_see_all ON public.learning_sessions USING (created_at IS NOT NULL);
ALTER POLICY learners_see_their_own ON public.learning_sessions
    USING (user_id = current_setting('millrace.user_id', true) AND created_at IS NOT NULL);

COMMENT ON TABLE public.learning_sessions IS 'Days planned for learners, and how they were completed. A completion of what was never planned for that learner is only in audit.records and ai_events.';
COMMENT ON COLUMN public.learning_sessions.trace_id IS 'Trace of the newest plan.';
