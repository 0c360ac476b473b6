-- Documents, their chunks, and the vectors of the chunks.

DO $$
DECLARE
  available text := (SELECT default_version FROM pg_available_extensions WHERE name = 'vector');
BEGIN
  IF available IS NULL THEN
    RAISE EXCEPTION 'expected the extension pgvector on this PostgreSQL server, found none'
      USING HINT = 'Install pgvector 0.8 or newer for this version of PostgreSQL, then start again.';
  END IF;
  IF string_to_array(regexp_replace(available, '[^0-9.].*$', ''), '.')::int[] < ARRAY[0, 8] THEN
    RAISE EXCEPTION 'expected pgvector 0.8 or newer on this PostgreSQL server, found %', available
      USING HINT = 'Older ones cannot go on searching when a filter keeps few of the nearest rows.';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'vector') THEN
    CREATE EXTENSION IF NOT EXISTS vector SCHEMA public;
  END IF;
EXCEPTION
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'expected the extension vector in database %, found none', current_database()
      USING HINT = 'Only a superuser may add it: CREATE EXTENSION vector SCHEMA public;';
END
$$;

CREATE TABLE knowledge.documents (
  uri                text        PRIMARY KEY CHECK (uri <> ''),
  revision           bigint      NOT NULL CHECK (revision > 0),
  category           text,
  repository         text,
  file_path          text,
  branch             text,
  tenant             text,
  title              text,
  commit_sha         text,
  changed_at         timestamptz NOT NULL,
  content_hash       text,
  recipe             text,
  change_id          text        NOT NULL,
  status             text        NOT NULL CHECK (status IN ('INDEXED', 'UNCHANGED', 'REMOVED')),
  chunk_count        integer     NOT NULL CHECK (chunk_count >= 0),
  embeddings_created integer     NOT NULL CHECK (embeddings_created >= 0),
  indexed_at         timestamptz NOT NULL,
  CHECK ((status = 'REMOVED') = (content_hash IS NULL)),
  CHECK (status <> 'REMOVED' OR chunk_count = 0)
);

CREATE INDEX documents_repository ON knowledge.documents (repository, file_path);

COMMENT ON SCHEMA knowledge IS 'What was indexed for search: documents, their chunks, and vectors.';
COMMENT ON TABLE knowledge.documents IS 'Documents that are, or were, in the index. A removed one stays known, so that an old content that arrives late does not bring it back.';
COMMENT ON COLUMN knowledge.documents.uri IS 'Identity of the document, for example github://owner/name/docs/a.md.';
COMMENT ON COLUMN knowledge.documents.revision IS 'Counts the changes of this row, from 1: a writer gives up when another was faster.';
COMMENT ON COLUMN knowledge.documents.category IS 'Category that searches filter by, for example blueprints.';
COMMENT ON COLUMN knowledge.documents.repository IS 'Repository as owner/name, for a file of one.';
COMMENT ON COLUMN knowledge.documents.file_path IS 'Path in the repository.';
COMMENT ON COLUMN knowledge.documents.branch IS 'Branch it was read from; null is the default branch.';
COMMENT ON COLUMN knowledge.documents.tenant IS 'Tenant it belongs to; null is everybody''s.';
COMMENT ON COLUMN knowledge.documents.title IS 'Its title, given with it or found in it.';
COMMENT ON COLUMN knowledge.documents.commit_sha IS 'Commit it was read at.';
COMMENT ON COLUMN knowledge.documents.changed_at IS 'When it got its content: when the commit was made, or when it was posted. An older content never replaces a newer one.';
COMMENT ON COLUMN knowledge.documents.content_hash IS 'SHA-256 of its content; null of a removed one.';
COMMENT ON COLUMN knowledge.documents.recipe IS 'How it was cut and embedded: model, limits, version; null of a removed one.';
COMMENT ON COLUMN knowledge.documents.change_id IS 'Identity of the event that made it what it is: the same event is done once.';
COMMENT ON COLUMN knowledge.documents.status IS 'What that event did: INDEXED, UNCHANGED or REMOVED.';
COMMENT ON COLUMN knowledge.documents.chunk_count IS 'Chunks it has now.';
COMMENT ON COLUMN knowledge.documents.embeddings_created IS 'Chunks that were embedded anew for that event.';
COMMENT ON COLUMN knowledge.documents.indexed_at IS 'When searches saw it.';

CREATE TABLE knowledge.embeddings (
  id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  document_uri text        NOT NULL REFERENCES knowledge.documents (uri) ON DELETE CASCADE,
  category     text,
  repository   text,
  chunk_index  integer     NOT NULL CHECK (chunk_index >= 0),
  content      text        NOT NULL,
  content_hash text        NOT NULL,
  heading_path text[]      NOT NULL,
  start_line   integer     NOT NULL CHECK (start_line > 0),
  end_line     integer     NOT NULL,
  start_char   integer     NOT NULL CHECK (start_char >= 0),
  end_char     integer     NOT NULL,
  model        text        NOT NULL,
  dimensions   integer     NOT NULL,
  embedding    vector      NOT NULL,
  tsv          tsvector    GENERATED ALWAYS AS (to_tsvector('english'::regconfig, content)) STORED,
  created_at   timestamptz NOT NULL DEFAULT now(),
  CHECK (end_line >= start_line),
  CHECK (end_char > start_char),
  CHECK (vector_dims(embedding) = dimensions)
) WITH (fillfactor = 80);

CREATE INDEX embeddings_document ON knowledge.embeddings (document_uri);
CREATE INDEX embeddings_category ON knowledge.embeddings (category);
CREATE INDEX embeddings_repository ON knowledge.embeddings (repository);
CREATE INDEX embeddings_text ON knowledge.embeddings USING gin (tsv);

COMMENT ON TABLE knowledge.embeddings IS 'Chunks of documents with their vectors. Vectors of several models are side by side; each model has a partial HNSW index of its own, which the embedding worker makes at start.';
COMMENT ON COLUMN knowledge.embeddings.id IS 'The row. A chunk that keeps its text keeps its row, wherever it moves in the document.';
COMMENT ON COLUMN knowledge.embeddings.document_uri IS 'Document it is a chunk of.';
COMMENT ON COLUMN knowledge.embeddings.category IS 'Category of the document, here for filtered searches.';
COMMENT ON COLUMN knowledge.embeddings.repository IS 'Repository of the document, here for filtered searches.';
COMMENT ON COLUMN knowledge.embeddings.chunk_index IS 'Place among the chunks of the document, from 0.';
COMMENT ON COLUMN knowledge.embeddings.content IS 'Text of the chunk, word for word.';
COMMENT ON COLUMN knowledge.embeddings.content_hash IS 'SHA-256 of what was embedded: the text, and where in the document it stands.';
COMMENT ON COLUMN knowledge.embeddings.heading_path IS 'Headings it stands under, the outermost first.';
COMMENT ON COLUMN knowledge.embeddings.start_line IS 'First line in the document, from 1.';
COMMENT ON COLUMN knowledge.embeddings.end_line IS 'Last line in the document.';
COMMENT ON COLUMN knowledge.embeddings.start_char IS 'First character in the document''s text, in UTF-16 units from 0.';
COMMENT ON COLUMN knowledge.embeddings.end_char IS 'The character after the last one.';
COMMENT ON COLUMN knowledge.embeddings.model IS 'Model that made the vector; only vectors of one model can be compared.';
COMMENT ON COLUMN knowledge.embeddings.dimensions IS 'Length of the vector.';
COMMENT ON COLUMN knowledge.embeddings.embedding IS 'The vector.';
COMMENT ON COLUMN knowledge.embeddings.tsv IS 'The text as words, for full-text search.';
COMMENT ON COLUMN knowledge.embeddings.created_at IS 'When the vector was made.';

CREATE VIEW public.embeddings AS
SELECT chunk.id,
       chunk.document_uri AS source,
       chunk.category,
       chunk.chunk_index,
       document.chunk_count AS total_chunks,
       chunk.content,
       chunk.embedding,
       chunk.created_at,
       chunk.repository,
       document.file_path,
       document.commit_sha,
       document.title,
       chunk.heading_path,
       chunk.start_line,
       chunk.end_line,
       chunk.model,
       chunk.dimensions
  FROM knowledge.embeddings chunk
  JOIN knowledge.documents document ON document.uri = chunk.document_uri;

COMMENT ON VIEW public.embeddings IS 'The knowledge base as analysts read it: one row for each chunk of each document.';
COMMENT ON COLUMN public.embeddings.id IS 'The chunk.';
COMMENT ON COLUMN public.embeddings.source IS 'URI of the document.';
COMMENT ON COLUMN public.embeddings.category IS 'Category of the document.';
COMMENT ON COLUMN public.embeddings.chunk_index IS 'Place among the chunks of the document, from 0.';
COMMENT ON COLUMN public.embeddings.total_chunks IS 'How many chunks the document has.';
COMMENT ON COLUMN public.embeddings.content IS 'Text of the chunk.';
COMMENT ON COLUMN public.embeddings.embedding IS 'Its vector; compare only vectors of one model.';
COMMENT ON COLUMN public.embeddings.created_at IS 'When the vector was made.';
COMMENT ON COLUMN public.embeddings.repository IS 'Repository as owner/name.';
COMMENT ON COLUMN public.embeddings.file_path IS 'Path in the repository.';
COMMENT ON COLUMN public.embeddings.commit_sha IS 'Commit the document was read at.';
COMMENT ON COLUMN public.embeddings.title IS 'Title of the document.';
COMMENT ON COLUMN public.embeddings.heading_path IS 'Headings the chunk stands under, the outermost first.';
COMMENT ON COLUMN public.embeddings.start_line IS 'First line of the chunk in the document, from 1.';
COMMENT ON COLUMN public.embeddings.end_line IS 'Last line of the chunk.';
COMMENT ON COLUMN public.embeddings.model IS 'Model that made the vector.';
COMMENT ON COLUMN public.embeddings.dimensions IS 'Length of the vector.';

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'millrace_analyst') THEN
    CREATE ROLE millrace_analyst NOLOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL; -- another app made it meanwhile
END
$$;

GRANT USAGE ON SCHEMA knowledge TO millrace_analyst;
GRANT SELECT ON knowledge.documents, knowledge.embeddings, public.embeddings TO millrace_analyst;
