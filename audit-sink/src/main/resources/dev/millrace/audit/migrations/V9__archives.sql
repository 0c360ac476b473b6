-- What retention took out of the mirror, and where the hash chains go on behind it.

CREATE TABLE audit.archives (
    name        text        PRIMARY KEY,
    table_name  text        NOT NULL,
    day         date        NOT NULL,
    rows        bigint      NOT NULL,
    file_bytes  bigint      NOT NULL,
    sha256      text        NOT NULL,
    archived_at timestamptz NOT NULL,
    key_id      text        NOT NULL,
    signature   text        NOT NULL,
    dropped_at  timestamptz,
    restored_at timestamptz,
    keep_until  timestamptz
);

CREATE INDEX archives_day ON audit.archives (day);

COMMENT ON TABLE audit.archives IS 'Files that hold rows of audit.records which were dropped from it, or are about to be. Each is described, signed, in a file beside it.';
COMMENT ON COLUMN audit.archives.name IS 'Name of the archive; its files are NAME.copy.gz and NAME.json.';
COMMENT ON COLUMN audit.archives.table_name IS 'Partition of audit.records whose rows it holds.';
COMMENT ON COLUMN audit.archives.day IS 'Day (UTC) of these rows.';
COMMENT ON COLUMN audit.archives.rows IS 'How many they are.';
COMMENT ON COLUMN audit.archives.file_bytes IS 'Length of the compressed file.';
COMMENT ON COLUMN audit.archives.sha256 IS 'SHA-256 of the compressed file.';
COMMENT ON COLUMN audit.archives.archived_at IS 'When it was made.';
COMMENT ON COLUMN audit.archives.key_id IS 'Key that signed it: the first 16 digits of the SHA-256 of the public key.';
COMMENT ON COLUMN audit.archives.signature IS 'Ed25519 signature over all of this and its runs, in Base64.';
COMMENT ON COLUMN audit.archives.dropped_at IS 'When its rows left audit.records; null while they are there still.';
COMMENT ON COLUMN audit.archives.restored_at IS 'When its rows were brought back; the archive no longer stands for them then.';
COMMENT ON COLUMN audit.archives.keep_until IS 'Until when retention leaves the restored rows alone.';

CREATE TABLE audit.archive_runs (
    archive       text    NOT NULL REFERENCES audit.archives (name) ON DELETE CASCADE,
    topic         text    NOT NULL,
    partition     integer NOT NULL,
    first_offset  bigint  NOT NULL,
    last_offset   bigint  NOT NULL,
    rows          bigint  NOT NULL,
    previous_hash text    NOT NULL,
    last_hash     text,
    PRIMARY KEY (archive, topic, partition, first_offset)
);

CREATE INDEX archive_runs_place ON audit.archive_runs (topic, partition, last_offset);

COMMENT ON TABLE audit.archive_runs IS 'Rows of an archive that follow each other in the hash chain of their partition, from the first to the last of such a run.';
COMMENT ON COLUMN audit.archive_runs.archive IS 'Archive.';
COMMENT ON COLUMN audit.archive_runs.topic IS 'Topic.';
COMMENT ON COLUMN audit.archive_runs.partition IS 'Kafka partition.';
COMMENT ON COLUMN audit.archive_runs.first_offset IS 'Offset of its first row.';
COMMENT ON COLUMN audit.archive_runs.last_offset IS 'Offset of its last row.';
COMMENT ON COLUMN audit.archive_runs.rows IS 'Rows in it.';
COMMENT ON COLUMN audit.archive_runs.previous_hash IS 'Hash of the row before the first, in hexadecimal digits; zeros when there is none.';
COMMENT ON COLUMN audit.archive_runs.last_hash IS 'Hash of the last row; null for rows from before there were chains.';
