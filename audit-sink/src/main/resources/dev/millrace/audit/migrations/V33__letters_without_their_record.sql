-- What a dead letter does not have of its record: it cannot go back as it stands in the letter.

ALTER TABLE public.dead_letters ADD COLUMN missing text;

COMMENT ON COLUMN public.dead_letters.missing IS 'What the letter does not have of the record: value where that was redacted; record (value, headers, the end of a long key) where it was cut to fit. Null where it has everything.';
COMMENT ON COLUMN public.dead_letters.value_bytes IS 'Length of the value in the letter; null where it has none: of a tombstone, and where it was cut.';
