-- Words for ranking by text, the newest known state of sources, and places in paged documents.

-- Words as searches compare them. The parser of PostgreSQL takes paths, host names and hyphenated
-- words for one word each; with punctuation out of the way, each part is found by itself.
CREATE FUNCTION knowledge.words(content text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN to_tsvector(
    'english'::regconfig,
    translate(content, '-_./\:#@&=+*~^|<>()[]{}"''`,;!?%$', repeat(' ', 32)));

COMMENT ON FUNCTION knowledge.words IS 'The words of a text as text search compares them.';

-- Where a chunk stands says what it is about: its title and headings count as its words.
CREATE FUNCTION knowledge.chunk_words(title text, heading_path text[], content text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN knowledge.words(
    CASE WHEN title IS NULL OR title = ANY (heading_path) THEN '' ELSE title || ' ' END
    || array_to_string(heading_path, ' ') || ' ' || content);

COMMENT ON FUNCTION knowledge.chunk_words IS 'The words of a chunk, with those of its title and headings.';

CREATE FUNCTION knowledge.word_count(words tsvector) RETURNS integer
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (SELECT coalesce(sum(cardinality(word.positions)), 0)::integer FROM unnest(words) word);

COMMENT ON FUNCTION knowledge.word_count IS 'How many words a text has, stop words not counted.';

ALTER TABLE knowledge.documents
  ADD COLUMN newest_commit_sha text,
  ADD COLUMN newest_change_at  timestamptz;

COMMENT ON COLUMN knowledge.documents.newest_commit_sha IS 'Newest commit known to change it; it may not be indexed yet, or not be readable.';
COMMENT ON COLUMN knowledge.documents.newest_change_at IS 'When that was; later than changed_at while the index is behind.';

DROP INDEX knowledge.embeddings_text;

ALTER TABLE knowledge.embeddings
  DROP COLUMN tsv,
  ADD COLUMN title text,
  ADD COLUMN page  integer CHECK (page > 0);

UPDATE knowledge.embeddings chunk
   SET title = document.title
  FROM knowledge.documents document
 WHERE document.uri = chunk.document_uri;

ALTER TABLE knowledge.embeddings
  ADD COLUMN tsv tsvector
    GENERATED ALWAYS AS (knowledge.chunk_words(title, heading_path, content)) STORED,
  ADD COLUMN word_count integer
    GENERATED ALWAYS AS (knowledge.word_count(knowledge.chunk_words(title, heading_path, content)))
    STORED;

CREATE INDEX embeddings_text ON knowledge.embeddings USING gin (tsv);

COMMENT ON COLUMN knowledge.embeddings.title IS 'Title of the document, here for text search.';
COMMENT ON COLUMN knowledge.embeddings.page IS 'Page it begins on, from 1, in a document that has pages.';
COMMENT ON COLUMN knowledge.embeddings.tsv IS 'Its words, for text search.';
COMMENT ON COLUMN knowledge.embeddings.word_count IS 'How many words that are; a longer chunk needs more matches for the same rank.';
