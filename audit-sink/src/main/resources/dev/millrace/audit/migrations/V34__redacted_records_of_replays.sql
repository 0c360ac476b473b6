-- How many records a replay cannot write to topics.

ALTER TABLE audit.replays ADD COLUMN redacted bigint NOT NULL DEFAULT 0;

COMMENT ON COLUMN audit.replays.redacted IS 'Records that match and that the mirror does not have as they were. To topics they are not written, and they are not in total and matched; a file has them as the mirror has them.';
