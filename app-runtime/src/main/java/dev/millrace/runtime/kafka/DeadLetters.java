package dev.millrace.runtime.kafka;

import dev.millrace.runtime.failure.Texts;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.serde.UndecodableException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Writes records that cannot be processed to {@code dead.letters}, with the reason. */
public final class DeadLetters {

  private static final int MAX_REASON_LENGTH = 4_000;

  /** Largest letter that {@code dead.letters} takes, less what is said about the record. */
  private static final int MAX_CONTENT_BYTES = Topic.MAX_RECORD_BYTES + (1 << 19);

  /**
   * Longest key of a letter, and longest key in one that is cut. Such a letter is smaller than 1
   * MiB, which every topic takes, although bytes that are no UTF-8 become three each in the key and
   * in the subject of the letter.
   */
  private static final int MAX_KEY_BYTES = 64 << 10;

  /** Room that Avro takes at most for the lengths of a header's name and value, in bytes. */
  private static final int HEADER_OVERHEAD_BYTES = 10;

  private final String app;
  private final EventPublisher publisher;

  public DeadLetters(String app, EventPublisher publisher) {
    this.app = app;
    this.publisher = publisher;
  }

  /**
   * Writes one and waits until it is acknowledged; only then may the record be passed over.
   *
   * @param attempts how often the record was tried
   */
  public void write(ConsumerRecord<byte[], byte[]> record, Failure failure, int attempts)
      throws InterruptedException {
    EventContext context = EventContext.of(record);
    DeadLetter letter = letter(app, record, context, failure, attempts);
    try {
      publisher.publishAndWait(Topics.DEAD_LETTERS, key(record), letter, derive(app, context));
    } catch (PublishException e) {
      if (!(e.getCause() instanceof RecordTooLargeException)) {
        throw e;
      }
      publisher.publishAndWait(Topics.DEAD_LETTERS, key(record), cut(letter), derive(app, context));
    }
  }

  /**
   * The letter as it can be written: shortened where its reason is too long; without the value, and
   * with the beginning of a long key, where the record is too large. For those who write it in a
   * transaction, which a record that is refused would end.
   */
  public static DeadLetter fitted(DeadLetter letter) {
    DeadLetter shortened =
        DeadLetter.newBuilder(letter)
            .setReason(Texts.shorten(letter.getReason(), MAX_REASON_LENGTH))
            .build();
    return contentBytes(letter) <= MAX_CONTENT_BYTES ? shortened : cut(shortened);
  }

  private static long contentBytes(DeadLetter letter) {
    long headers =
        letter.getHeaders().entrySet().stream()
            .mapToLong(header ->
                Utils.utf8Length(header.getKey())
                    + bytes(header.getValue())
                    + HEADER_OVERHEAD_BYTES)
            .sum();
    return (long) bytes(letter.getValue()) + bytes(letter.getKey()) + headers;
  }

  private static int bytes(@Nullable ByteBuffer content) {
    return content == null ? 0 : content.remaining();
  }

  /**
   * A topic of a site's own making may take less than the record has: the reason stays, the
   * beginning of the key, and whether a replay wrote the record.
   */
  private static DeadLetter cut(DeadLetter letter) {
    boolean keyFits = bytes(letter.getKey()) <= MAX_KEY_BYTES;
    return DeadLetter.newBuilder(letter)
        .setKey(keyFits ? letter.getKey() : letter.getKey().slice(0, MAX_KEY_BYTES))
        .setValue(null)
        .setHeaders(replayMark(letter))
        .setCut(true)
        .setReason(
            "%s (the value is left out%s: too large for this topic)"
                .formatted(
                    letter.getReason(),
                    keyFits ? "" : ", and the key after %d bytes".formatted(MAX_KEY_BYTES)))
        .build();
  }

  /** A header that is longer than any mark is none. */
  private static Map<String, ByteBuffer> replayMark(DeadLetter letter) {
    ByteBuffer mark = letter.getHeaders().get(EventHeaders.REPLAY_ID);
    return mark == null
            || StandardCharsets.UTF_8.decode(mark.duplicate()).length() > EventId.MAX_LENGTH
        ? Map.of()
        : Map.of(EventHeaders.REPLAY_ID, mark);
  }

  /** Why a record cannot be processed: a stable kind, and a reason in words. */
  public record Failure(String kind, String reason) {

    /** A record that fits its schema, but makes no sense. */
    public static Failure invalid(String reason) {
      return new Failure("invalid", reason);
    }

    /** A record that was tried as often as allowed. */
    public static Failure exhausted(String reason) {
      return new Failure("exhausted", reason);
    }

    public static Failure of(UndecodableException e) {
      return new Failure(e.kind().name().toLowerCase(Locale.ROOT), String.valueOf(e.getMessage()));
    }
  }

  /** Key of the dead letter of a record: the record's own, or the beginning of a very long one. */
  public static String key(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = record.key();
    return key == null
        ? ""
        : new String(key, 0, Math.min(key.length, MAX_KEY_BYTES), StandardCharsets.UTF_8);
  }

  /** Context of the dead letter of an event. */
  public static EventContext derive(String app, EventContext context) {
    return context.derive(app, "dead-letter/" + app);
  }

  /** The dead letter of a record. */
  public static DeadLetter letter(
      String app,
      ConsumerRecord<byte[], byte[]> record,
      EventContext context,
      Failure failure,
      int attempts) {
    EventId position = EventId.ofPosition(record.topic(), record.partition(), record.offset());
    return DeadLetter.newBuilder()
        .setTopic(record.topic())
        .setPartition(record.partition())
        .setOffset(record.offset())
        .setKey(wrap(record.key()))
        .setValue(wrap(record.value()))
        .setHeaders(headers(record.headers()))
        .setApp(app)
        .setError(failure.kind())
        .setReason(Texts.shorten(failure.reason(), MAX_REASON_LENGTH))
        .setAttempts(attempts)
        .setEventId(context.id().equals(position) ? null : context.id().value())
        .setFailedAt(Instant.now())
        .build();
  }

  private static @Nullable ByteBuffer wrap(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }

  private static Map<String, ByteBuffer> headers(Headers headers) {
    Map<String, ByteBuffer> copied = new HashMap<>();
    for (Header header : headers) {
      if (header.value() != null) {
        copied.put(header.key(), ByteBuffer.wrap(header.value()));
      }
    }
    return copied;
  }
}
