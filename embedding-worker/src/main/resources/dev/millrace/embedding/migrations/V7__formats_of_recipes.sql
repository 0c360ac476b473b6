-- The same content in another format is cut in another way.

COMMENT ON COLUMN knowledge.documents.recipe IS 'How it was cut and embedded: model, limits, version, format; null of a removed one.';
