-- Pushes that came before the one that they follow: when that comes, it is not the newest.

CREATE TABLE knowledge.early_pushes (
  repository  text        NOT NULL,
  branch      text        NOT NULL,
  before_sha  text        NOT NULL,
  commit_sha  text        NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (repository, branch, before_sha)
);

COMMENT ON TABLE knowledge.early_pushes IS 'Pushes that came before the one that they follow; kept until that comes, for seven days at most.';
COMMENT ON COLUMN knowledge.early_pushes.repository IS 'Repository as owner/name.';
COMMENT ON COLUMN knowledge.early_pushes.branch IS 'The branch.';
COMMENT ON COLUMN knowledge.early_pushes.before_sha IS 'Commit that the push follows, which no push is known to have led to.';
COMMENT ON COLUMN knowledge.early_pushes.commit_sha IS 'Commit that it led to, or the last of those that followed it.';
COMMENT ON COLUMN knowledge.early_pushes.received_at IS 'When it was received.';

GRANT SELECT ON knowledge.early_pushes TO millrace_analyst;
