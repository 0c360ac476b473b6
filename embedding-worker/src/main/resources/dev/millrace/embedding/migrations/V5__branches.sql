-- Which push each branch stands at: that one push follows another is not told by the times of commits.

CREATE TABLE knowledge.branches (
  repository  text        NOT NULL,
  branch      text        NOT NULL,
  commit_sha  text        NOT NULL,
  changed_at  timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (repository, branch)
);

COMMENT ON TABLE knowledge.branches IS 'Branches whose pushes are indexed, and the newest push of each.';
COMMENT ON COLUMN knowledge.branches.repository IS 'Repository as owner/name.';
COMMENT ON COLUMN knowledge.branches.branch IS 'The branch.';
COMMENT ON COLUMN knowledge.branches.commit_sha IS 'Commit that the newest push led to.';
COMMENT ON COLUMN knowledge.branches.changed_at IS 'When that push gave its files their content: when its newest commit was made, or when it was received, if it was forced; but after the push that it followed.';
COMMENT ON COLUMN knowledge.branches.received_at IS 'When that push was received.';

GRANT SELECT ON knowledge.branches TO millrace_analyst;
