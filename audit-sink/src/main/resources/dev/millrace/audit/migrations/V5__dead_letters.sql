-- Dead letters and what was decided about them.

CREATE TABLE public.dead_letters (
    id          text PRIMARY KEY,
    topic       text        NOT NULL,
    partition   integer     NOT NULL,
    "offset"    bigint      NOT NULL,
    key         text,
    app         text        NOT NULL,
    error       text        NOT NULL,
    reason      text        NOT NULL,
    attempts    integer     NOT NULL,
    event_id    text,
    value_bytes integer,
    failed_at   timestamptz NOT NULL,
    trace_id    text        NOT NULL
);

CREATE INDEX dead_letters_failed_at ON public.dead_letters (failed_at);

COMMENT ON TABLE public.dead_letters IS 'Records that an app could not process. The record itself is in the payload of audit.records, topic dead.letters.';
COMMENT ON COLUMN public.dead_letters.id IS 'The letter: its partition and offset on dead.letters, for example 2-17.';
COMMENT ON COLUMN public.dead_letters.topic IS 'Topic of the record that could not be processed.';
COMMENT ON COLUMN public.dead_letters.partition IS 'Kafka partition of that record.';
COMMENT ON COLUMN public.dead_letters."offset" IS 'Offset of that record.';
COMMENT ON COLUMN public.dead_letters.key IS 'Key of that record, read as text.';
COMMENT ON COLUMN public.dead_letters.app IS 'App that could not process it.';
COMMENT ON COLUMN public.dead_letters.error IS 'Kind of failure: undecodable, unknown_schema, invalid, exhausted or another.';
COMMENT ON COLUMN public.dead_letters.reason IS 'What was expected, what was found.';
COMMENT ON COLUMN public.dead_letters.attempts IS 'How often it was tried.';
COMMENT ON COLUMN public.dead_letters.event_id IS 'Identity of the event, where it could be told.';
COMMENT ON COLUMN public.dead_letters.value_bytes IS 'Length of its value; null for a tombstone.';
COMMENT ON COLUMN public.dead_letters.failed_at IS 'When it was given up.';
COMMENT ON COLUMN public.dead_letters.trace_id IS 'Trace of the event.';

CREATE TABLE public.dead_letter_decisions (
    decision_id text PRIMARY KEY,
    letter_id   text        NOT NULL,
    action      text        NOT NULL,
    corrected   boolean     NOT NULL,
    reason      text        NOT NULL,
    decided_by  text        NOT NULL,
    decided_at  timestamptz NOT NULL,
    trace_id    text        NOT NULL
);

CREATE INDEX dead_letter_decisions_letter_id ON public.dead_letter_decisions (letter_id);

COMMENT ON TABLE public.dead_letter_decisions IS 'What operators decided about dead letters, and why. A letter without a decision is open.';
COMMENT ON COLUMN public.dead_letter_decisions.decision_id IS 'Identity of the decision; stands in the header millrace_sent_back of a record that was sent back.';
COMMENT ON COLUMN public.dead_letter_decisions.letter_id IS 'The letter: dead_letters.id.';
COMMENT ON COLUMN public.dead_letter_decisions.action IS 'send_back or discard.';
COMMENT ON COLUMN public.dead_letter_decisions.corrected IS 'Whether it was sent back with another value.';
COMMENT ON COLUMN public.dead_letter_decisions.reason IS 'Why.';
COMMENT ON COLUMN public.dead_letter_decisions.decided_by IS 'Client that decided, and the person behind it where that was said.';
COMMENT ON COLUMN public.dead_letter_decisions.decided_at IS 'When.';
COMMENT ON COLUMN public.dead_letter_decisions.trace_id IS 'Trace of the decision.';

GRANT SELECT ON public.dead_letters, public.dead_letter_decisions TO millrace_analyst;
