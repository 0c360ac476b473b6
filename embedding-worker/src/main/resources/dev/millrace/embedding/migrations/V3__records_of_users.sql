-- What is kept for users: campaigns and their projects, files, preferences, ratings. Every row has
-- a user and a tenant (empty without tenants); a user sees the rows of nobody else.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'millrace_learner') THEN
    CREATE ROLE millrace_learner NOLOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL; -- another app made it meanwhile
END
$$;

-- The gateway reads as this role for users: what it may see is decided here and not by a query.
DO $$
BEGIN
  EXECUTE format('GRANT millrace_learner TO %I', current_user);
EXCEPTION
  WHEN insufficient_privilege THEN
    RAISE NOTICE 'grant millrace_learner to the role of the apps by hand';
END
$$;

CREATE TABLE knowledge.campaigns (
  id         uuid        PRIMARY KEY,
  user_id    text        NOT NULL CHECK (user_id <> ''),
  tenant     text        NOT NULL DEFAULT '',
  name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  theme      text        CHECK (length(theme) <= 2000),
  status     text        NOT NULL DEFAULT 'draft'
                         CHECK (status IN ('draft', 'active', 'paused', 'completed')),
  starts_on  date,
  ends_on    date,
  revision   bigint      NOT NULL DEFAULT 1,
  request_id text        NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  UNIQUE (id, user_id, tenant),
  CONSTRAINT campaigns_ends_on_check CHECK (ends_on >= starts_on)
);

COMMENT ON TABLE knowledge.campaigns IS 'Groups of projects with a theme.';
COMMENT ON COLUMN knowledge.campaigns.name IS 'What the user calls it.';
COMMENT ON COLUMN knowledge.campaigns.theme IS 'What it is about.';
COMMENT ON COLUMN knowledge.campaigns.status IS 'draft, active, paused or completed.';
COMMENT ON COLUMN knowledge.campaigns.starts_on IS 'First day.';
COMMENT ON COLUMN knowledge.campaigns.ends_on IS 'Last day, not before the first.';

CREATE TABLE knowledge.project_campaigns (
  id          uuid        PRIMARY KEY,
  user_id     text        NOT NULL CHECK (user_id <> ''),
  tenant      text        NOT NULL DEFAULT '',
  project_id  text        NOT NULL CHECK (length(project_id) BETWEEN 1 AND 200),
  campaign_id uuid        NOT NULL,
  revision    bigint      NOT NULL DEFAULT 1,
  request_id  text        NOT NULL,
  created_at  timestamptz NOT NULL,
  changed_at  timestamptz NOT NULL,
  CONSTRAINT project_campaigns_campaign_id_unique UNIQUE (user_id, tenant, project_id, campaign_id),
  CONSTRAINT project_campaigns_campaign_id_fkey
    FOREIGN KEY (campaign_id, user_id, tenant)
    REFERENCES knowledge.campaigns (id, user_id, tenant) ON DELETE CASCADE
);

CREATE INDEX project_campaigns_campaign ON knowledge.project_campaigns (campaign_id);

COMMENT ON TABLE knowledge.project_campaigns IS 'Which projects are in which campaigns: many to many. A campaign takes its rows along when it is removed.';
COMMENT ON COLUMN knowledge.project_campaigns.project_id IS 'The project.';
COMMENT ON COLUMN knowledge.project_campaigns.campaign_id IS 'The campaign, of the same user.';

CREATE TABLE knowledge.project_embeddings (
  id           uuid        PRIMARY KEY,
  user_id      text        NOT NULL CHECK (user_id <> ''),
  tenant       text        NOT NULL DEFAULT '',
  project_id   text        NOT NULL CHECK (length(project_id) BETWEEN 1 AND 200),
  title        text        CHECK (length(title) <= 500),
  content      text        NOT NULL CHECK (length(content) BETWEEN 1 AND 8000),
  model        text        NOT NULL,
  dimensions   integer     NOT NULL,
  embedding    vector      NOT NULL,
  revision     bigint      NOT NULL DEFAULT 1,
  request_id   text        NOT NULL,
  created_at   timestamptz NOT NULL,
  changed_at   timestamptz NOT NULL,
  CHECK (vector_dims(embedding) = dimensions)
);

CREATE INDEX project_embeddings_project ON knowledge.project_embeddings (user_id, tenant, project_id);

COMMENT ON TABLE knowledge.project_embeddings IS 'Texts about projects with their vectors: 1536 numbers of an OpenAI model, 384 of the model in the process.';
COMMENT ON COLUMN knowledge.project_embeddings.project_id IS 'The project.';
COMMENT ON COLUMN knowledge.project_embeddings.title IS 'What the text is called.';
COMMENT ON COLUMN knowledge.project_embeddings.content IS 'The text.';
COMMENT ON COLUMN knowledge.project_embeddings.model IS 'Model that made the vector; only vectors of one model can be compared.';
COMMENT ON COLUMN knowledge.project_embeddings.dimensions IS 'Length of the vector.';
COMMENT ON COLUMN knowledge.project_embeddings.embedding IS 'The vector.';

CREATE TABLE knowledge.project_feedback (
  id           uuid        PRIMARY KEY,
  user_id      text        NOT NULL CHECK (user_id <> ''),
  tenant       text        NOT NULL DEFAULT '',
  project_id   text        NOT NULL CHECK (length(project_id) BETWEEN 1 AND 200),
  document_uri text        CHECK (length(document_uri) BETWEEN 1 AND 2048),
  rating       smallint    NOT NULL CHECK (rating BETWEEN 1 AND 5),
  comment      text        CHECK (length(comment) <= 4000),
  revision     bigint      NOT NULL DEFAULT 1,
  request_id   text        NOT NULL,
  created_at   timestamptz NOT NULL,
  changed_at   timestamptz NOT NULL,
  CONSTRAINT project_feedback_document_uri_unique
    UNIQUE NULLS NOT DISTINCT (user_id, tenant, project_id, document_uri)
);

COMMENT ON TABLE knowledge.project_feedback IS 'What users think of projects, and of single documents of them. It moves the documents up or down in what the user finds.';
COMMENT ON COLUMN knowledge.project_feedback.project_id IS 'The project; a repository (owner/name) stands for all of its documents.';
COMMENT ON COLUMN knowledge.project_feedback.document_uri IS 'The document, if the rating is of a single one.';
COMMENT ON COLUMN knowledge.project_feedback.rating IS '1 (of no use) to 5 (just right); 3 changes nothing.';
COMMENT ON COLUMN knowledge.project_feedback.comment IS 'In the user''s words.';

CREATE TABLE knowledge.user_files (
  id           uuid        PRIMARY KEY,
  user_id      text        NOT NULL CHECK (user_id <> ''),
  tenant       text        NOT NULL DEFAULT '',
  name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  media_type   text,
  size_bytes   bigint      NOT NULL CHECK (size_bytes > 0),
  content_hash text        NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
  document_uri text        NOT NULL,
  project_id   text        CHECK (length(project_id) BETWEEN 1 AND 200),
  revision     bigint      NOT NULL DEFAULT 1,
  request_id   text        NOT NULL,
  created_at   timestamptz NOT NULL,
  changed_at   timestamptz NOT NULL,
  CONSTRAINT user_files_name_unique UNIQUE (user_id, tenant, name)
);

CREATE INDEX user_files_document ON knowledge.user_files (document_uri);

COMMENT ON TABLE knowledge.user_files IS 'Files that users uploaded. Their chunks and vectors are the rows of embeddings with the same document.';
COMMENT ON COLUMN knowledge.user_files.name IS 'File name; the same again replaces the file.';
COMMENT ON COLUMN knowledge.user_files.media_type IS 'Type that was said when it was uploaded.';
COMMENT ON COLUMN knowledge.user_files.size_bytes IS 'Size in bytes.';
COMMENT ON COLUMN knowledge.user_files.content_hash IS 'SHA-256 of the file.';
COMMENT ON COLUMN knowledge.user_files.document_uri IS 'The document it is indexed as.';
COMMENT ON COLUMN knowledge.user_files.project_id IS 'Project it was uploaded for.';

CREATE TABLE knowledge.user_preferences (
  id         uuid             PRIMARY KEY,
  user_id    text             NOT NULL CHECK (user_id <> ''),
  tenant     text             NOT NULL DEFAULT '',
  kind       text             NOT NULL CHECK (kind IN ('category', 'repository', 'source')),
  value      text             NOT NULL CHECK (length(value) BETWEEN 1 AND 2048),
  weight     double precision NOT NULL CHECK (weight BETWEEN -1 AND 1),
  origin     text             NOT NULL DEFAULT 'stated' CHECK (origin IN ('stated', 'learned')),
  revision   bigint           NOT NULL DEFAULT 1,
  request_id text             NOT NULL,
  created_at timestamptz      NOT NULL,
  changed_at timestamptz      NOT NULL,
  CONSTRAINT user_preferences_value_unique UNIQUE (user_id, tenant, kind, value)
);

COMMENT ON TABLE knowledge.user_preferences IS 'What users want to find more, or less, of. It moves documents up or down in what the user finds.';
COMMENT ON COLUMN knowledge.user_preferences.kind IS 'What the value is: a category, a repository or a source (the URI of a document).';
COMMENT ON COLUMN knowledge.user_preferences.value IS 'Which one.';
COMMENT ON COLUMN knowledge.user_preferences.weight IS 'How much more (to 1) or less (to -1).';
COMMENT ON COLUMN knowledge.user_preferences.origin IS 'stated by the user, or learned from ratings of documents of the category.';

CREATE TABLE knowledge.removed_records (
  id         uuid        PRIMARY KEY,
  user_id    text        NOT NULL,
  tenant     text        NOT NULL,
  request_id text        NOT NULL,
  removed_at timestamptz NOT NULL
);

COMMENT ON TABLE knowledge.removed_records IS 'Records that were removed: a request from before that comes again does not bring them back.';
COMMENT ON COLUMN knowledge.removed_records.removed_at IS 'When that was asked for.';

DO $$
DECLARE
  kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY[
    'campaigns', 'project_campaigns', 'project_embeddings', 'project_feedback', 'user_files',
    'user_preferences', 'removed_records'] LOOP
    EXECUTE format('COMMENT ON COLUMN knowledge.%I.id IS ''The record.''', kept);
    EXECUTE format('COMMENT ON COLUMN knowledge.%I.user_id IS ''User it belongs to.''', kept);
    EXECUTE format(
      'COMMENT ON COLUMN knowledge.%I.tenant IS ''Tenant of the user; empty without tenants.''',
      kept);
    EXECUTE format(
      'COMMENT ON COLUMN knowledge.%I.request_id IS ''Request that made it what it is.''', kept);
    EXECUTE format('ALTER TABLE knowledge.%I ENABLE ROW LEVEL SECURITY', kept);
    EXECUTE format(
      'CREATE POLICY analysts_see_all ON knowledge.%I FOR SELECT TO millrace_analyst USING (true)',
      kept);
    EXECUTE format(
      'CREATE POLICY users_see_their_own ON knowledge.%I FOR SELECT TO millrace_learner '
      || 'USING (user_id = current_setting(''millrace.user_id'', true) '
      || 'AND tenant = coalesce(current_setting(''millrace.tenant'', true), ''''))',
      kept);
    EXECUTE format('GRANT SELECT ON knowledge.%I TO millrace_analyst, millrace_learner', kept);
    CONTINUE WHEN kept = 'removed_records';
    EXECUTE format(
      'COMMENT ON COLUMN knowledge.%I.revision IS ''Counts its changes, from 1.''', kept);
    EXECUTE format('COMMENT ON COLUMN knowledge.%I.created_at IS ''When it was made.''', kept);
    EXECUTE format(
      'COMMENT ON COLUMN knowledge.%I.changed_at IS ''When it was last changed.''', kept);
    EXECUTE format(
      'CREATE INDEX %I ON knowledge.%I (user_id, tenant, created_at, id)', kept || '_of_user', kept);
  END LOOP;
END
$$;

GRANT USAGE ON SCHEMA knowledge TO millrace_learner;
