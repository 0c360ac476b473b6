-- The header of a replay with effects says more than its identity.

COMMENT ON COLUMN audit.replays.id IS 'Identity of the replay; stands in the header millrace_replay_id of what it wrote, before the first semicolon.';
