-- What was taken out of a record before it was stored.

ALTER TABLE audit.records ADD COLUMN redacted text;

COMMENT ON COLUMN audit.records.redacted IS 'JSON paths of what was blanked before the record was stored, or that its value was withheld; raw is the blanked value then. Null when nothing was.';
