-- Each partition's rows form a hash chain; checkpoints say, signed, how far the chains were.

ALTER TABLE audit.records ADD COLUMN hash bytea;

COMMENT ON COLUMN audit.records.hash IS 'SHA-256 of the hash of the row before it in its partition and of this row, all but payload, which follows from raw; null for rows that were written before there were chains.';

ALTER TABLE audit.offsets ADD COLUMN chain_offset bigint, ADD COLUMN chain_hash bytea;

COMMENT ON COLUMN audit.offsets.chain_offset IS 'Offset of the newest row; null while there is none.';
COMMENT ON COLUMN audit.offsets.chain_hash IS 'Hash of the newest row.';

CREATE TABLE audit.checkpoint_heads (
    topic        text    NOT NULL,
    partition    integer NOT NULL,
    chain_offset bigint  NOT NULL,
    PRIMARY KEY (topic, partition)
);

COMMENT ON TABLE audit.checkpoint_heads IS 'How far the newest checkpoint that names a partition was.';
COMMENT ON COLUMN audit.checkpoint_heads.topic IS 'Topic.';
COMMENT ON COLUMN audit.checkpoint_heads.partition IS 'Kafka partition.';
COMMENT ON COLUMN audit.checkpoint_heads.chain_offset IS 'Offset of the newest row then.';

CREATE TABLE audit.checkpoints (
    sequence   bigint      PRIMARY KEY,
    created_at timestamptz NOT NULL,
    heads      jsonb       NOT NULL,
    previous   text        NOT NULL,
    key_id     text        NOT NULL,
    signature  text        NOT NULL,
    published  boolean     NOT NULL DEFAULT false
);

COMMENT ON TABLE audit.checkpoints IS 'The newest checkpoint, and those on their way to their topic and file. What is verified is what stands there, not here.';
COMMENT ON COLUMN audit.checkpoints.sequence IS 'Number of the checkpoint, from 1, without gaps.';
COMMENT ON COLUMN audit.checkpoints.created_at IS 'When it was made.';
COMMENT ON COLUMN audit.checkpoints.heads IS 'Newest rows of the partitions that grew: topic, partition, offset and hash of each.';
COMMENT ON COLUMN audit.checkpoints.previous IS 'SHA-256 of what the checkpoint before signed.';
COMMENT ON COLUMN audit.checkpoints.key_id IS 'Key that signed it: the first 16 digits of the SHA-256 of the public key.';
COMMENT ON COLUMN audit.checkpoints.signature IS 'Ed25519 signature, in Base64.';
COMMENT ON COLUMN audit.checkpoints.published IS 'Whether it is on its topic and in the file.';
