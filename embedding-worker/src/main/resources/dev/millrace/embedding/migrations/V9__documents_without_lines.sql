-- The text of a PDF, a web page or an Office document has no lines that its reader would find.

ALTER TABLE knowledge.embeddings
  ALTER COLUMN start_line DROP NOT NULL,
  ALTER COLUMN end_line DROP NOT NULL;

COMMENT ON COLUMN knowledge.embeddings.start_line IS 'First line in the document, from 1; null where the format has no lines, as PDF.';
COMMENT ON COLUMN knowledge.embeddings.end_line IS 'Last line in the document; null where the format has no lines.';
COMMENT ON COLUMN public.embeddings.start_line IS 'First line of the chunk in the document, from 1; null where the format has no lines, as PDF.';
COMMENT ON COLUMN public.embeddings.end_line IS 'Last line of the chunk; null where the format has no lines.';
