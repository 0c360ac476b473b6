-- The mirror: every record of every topic, and up to where each partition is mirrored.

CREATE TABLE audit.records (
    topic       text        NOT NULL,
    partition   integer     NOT NULL,
    "offset"    bigint      NOT NULL,
    "timestamp" timestamptz NOT NULL,
    key         text,
    key_bytes   bytea,
    event_id    text        NOT NULL,
    event_type  text,
    source      text        NOT NULL,
    subject     text,
    trace_id    text        NOT NULL,
    headers     jsonb       NOT NULL,
    schema_id   integer,
    payload     jsonb,
    raw         bytea,
    error       text,
    ingested_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition, "offset", "timestamp")
) PARTITION BY RANGE ("timestamp");

COMMENT ON TABLE audit.records IS 'Every record of every mirrored topic, exactly once, in daily partitions (UTC) by record timestamp. Aborted records of transactions are never here.';
COMMENT ON COLUMN audit.records.topic IS 'Topic the record was read from.';
COMMENT ON COLUMN audit.records.partition IS 'Kafka partition it was read from.';
COMMENT ON COLUMN audit.records."offset" IS 'Its offset in that partition. Offsets have gaps: transaction markers, aborted and compacted records.';
COMMENT ON COLUMN audit.records."timestamp" IS 'Record timestamp as Kafka has it, usually when the event happened; kept between 1970 and 9999.';
COMMENT ON COLUMN audit.records.key IS 'Key of the record, when it is text.';
COMMENT ON COLUMN audit.records.key_bytes IS 'Key of the record, when it is not text.';
COMMENT ON COLUMN audit.records.event_id IS 'Identity of the event: header ce_id, else topic/partition/offset.';
COMMENT ON COLUMN audit.records.event_type IS 'Type of the event: header ce_type, else the one of its topic.';
COMMENT ON COLUMN audit.records.source IS 'App or platform that wrote the event: header ce_source, else external.';
COMMENT ON COLUMN audit.records.subject IS 'What the event is about: header ce_subject, else the key.';
COMMENT ON COLUMN audit.records.trace_id IS 'Trace the event is in, 32 hexadecimal digits: header traceparent, else one that is derived from its place on Kafka.';
COMMENT ON COLUMN audit.records.headers IS 'All headers: text as a string, other bytes as {"base64": ...}, several values of one name as an array.';
COMMENT ON COLUMN audit.records.schema_id IS 'Id in the schema registry of the schema the value was written with.';
COMMENT ON COLUMN audit.records.payload IS 'The value as JSON; null for a tombstone, and for a value that cannot be decoded.';
COMMENT ON COLUMN audit.records.raw IS 'The value as its producer wrote it; null for a tombstone.';
COMMENT ON COLUMN audit.records.error IS 'Why payload is missing, or in what it differs from raw; null when all is well.';
COMMENT ON COLUMN audit.records.ingested_at IS 'When the transaction began that wrote the row.';

-- Equality only, whatever the length of the text: hash indexes are smaller and cheaper to fill.
CREATE INDEX records_key ON audit.records USING hash (key);
CREATE INDEX records_event_id ON audit.records USING hash (event_id);
CREATE INDEX records_trace_id ON audit.records USING hash (trace_id);
CREATE INDEX records_timestamp ON audit.records USING brin ("timestamp");

-- What belongs to no day's partition: records that claim to be very old or from the future.
CREATE TABLE audit.records_default PARTITION OF audit.records DEFAULT;
COMMENT ON TABLE audit.records_default IS 'Records of days that have no partition of their own.';

CREATE TABLE audit.offsets (
    topic       text        NOT NULL,
    partition   integer     NOT NULL,
    next_offset bigint      NOT NULL,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic, partition)
);

COMMENT ON TABLE audit.offsets IS 'Up to where each partition is mirrored; written in the transaction that writes the rows.';
COMMENT ON COLUMN audit.offsets.topic IS 'Topic.';
COMMENT ON COLUMN audit.offsets.partition IS 'Kafka partition.';
COMMENT ON COLUMN audit.offsets.next_offset IS 'Every committed record before this offset is mirrored.';
COMMENT ON COLUMN audit.offsets.updated_at IS 'When it last moved.';
