package dev.millrace.audit.copy;

import dev.millrace.audit.chain.ChainDigest;
import dev.millrace.audit.decode.DecodedValue;
import dev.millrace.audit.decode.StorableText;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * One record as a row of {@code audit.records}.
 *
 * @param record the record as it was read
 * @param context who it is and which trace it is in; made from its place when it does not say
 * @param key its key, when that is text that Postgres can hold
 * @param timestamp its timestamp, within what Postgres can hold; now where it has none, as some
 *     clients write it
 * @param value what could be made of its value
 * @param redacted what was taken out of the record before it came here; null when nothing was
 */
public record MirrorRow(
    ConsumerRecord<byte[], byte[]> record,
    EventContext context,
    @Nullable String key,
    Instant timestamp,
    DecodedValue value,
    @Nullable String redacted) {

  /** The columns that are written, in order. */
  public static final String COLUMNS =
      """
      topic, partition, "offset", "timestamp", key, key_bytes, event_id, event_type, source, \
      subject, trace_id, headers, schema_id, payload, raw, error, redacted, hash\
      """;

  private static final int COLUMN_COUNT = 18;

  /** Postgres ends in the year 294276; a producer may claim any 64-bit number. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  /** What is known of a record and its value. */
  public static MirrorRow of(ConsumerRecord<byte[], byte[]> record, DecodedValue value) {
    return of(record, value, null);
  }

  /** What is known of a record and its value, after something was taken out of it. */
  public static MirrorRow of(
      ConsumerRecord<byte[], byte[]> record, DecodedValue value, @Nullable String redacted) {
    return new MirrorRow(
        record,
        EventContext.of(record),
        text(record.key()),
        timestamp(record.timestamp()),
        value,
        redacted);
  }

  /** The same record with a value that no read model sees. */
  public MirrorRow unread(String reason) {
    return new MirrorRow(record, context, key, timestamp, value.unread(reason), redacted);
  }

  /** The same record with its value kept as bytes only. */
  public MirrorRow undecoded(String reason) {
    return new MirrorRow(
        record,
        context,
        key,
        timestamp,
        DecodedValue.undecodable(value.schemaId(), reason),
        redacted);
  }

  /**
   * What its partition's hash chain covers of it: what is stored, but not what follows from that.
   */
  public ChainDigest.Link link() {
    return new ChainDigest.Link(
        record,
        timestamp.toEpochMilli(),
        storableNames(record.headers()),
        StorableText.of(context.id().value()),
        eventType(),
        StorableText.of(context.source()),
        subject(),
        context.trace().traceId(),
        value.schemaId(),
        value.error(),
        redacted);
  }

  private static Headers storableNames(Headers headers) {
    Headers stored = new RecordHeaders();
    headers.forEach(header -> stored.add(StorableText.of(header.key()), header.value()));
    return stored;
  }

  /**
   * Adds it to the rows to write.
   *
   * @param hash its hash in the chain of its partition
   */
  public void encode(CopyBuffer rows, byte[] hash) {
    rows.row(COLUMN_COUNT);
    rows.text(record.topic());
    rows.int4(record.partition());
    rows.int8(record.offset());
    rows.timestamp(timestamp);
    rows.text(key);
    rows.binary(key == null ? record.key() : null);
    rows.text(StorableText.of(context.id().value()));
    rows.text(eventType());
    rows.text(StorableText.of(context.source()));
    rows.text(subject());
    rows.text(context.trace().traceId());
    rows.jsonb(HeadersJson.of(record.headers()));
    rows.int4OrNull(value.schemaId());
    rows.jsonb(value.json());
    rows.binary(record.value());
    rows.text(value.error());
    rows.text(redacted);
    rows.binary(hash);
  }

  private @Nullable String eventType() {
    String stated = header(EventHeaders.TYPE);
    return stated == null ? Topics.find(record.topic()).map(Topic::eventType).orElse(null) : stated;
  }

  private @Nullable String subject() {
    String stated = header(EventHeaders.SUBJECT);
    return stated == null ? key : stated;
  }

  private @Nullable String header(String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? null
        : StorableText.of(new String(header.value(), StandardCharsets.UTF_8));
  }

  private static Instant timestamp(long epochMs) {
    if (epochMs < 0) {
      return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
    return epochMs > LATEST.toEpochMilli() ? LATEST : Instant.ofEpochMilli(epochMs);
  }

  /** The bytes as text, if they are valid UTF-8 that Postgres can hold. */
  static @Nullable String text(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return StorableText.isStorable(text) ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
