package dev.millrace.audit.deadletter;

import dev.millrace.audit.stored.StoredRecord;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.event.EventId;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jdbi.v3.core.Jdbi;

/** The dead letters that the mirror has, and the records that they are about. */
final class Letters {

  private static final String FIND =
      """
      SELECT raw, redacted FROM audit.records
      WHERE topic = :topic AND partition = :partition AND "offset" = :offset AND raw IS NOT NULL\
      """;

  /** A topic that was made anew has another record at the same place. */
  private static final String ORIGINAL =
      "SELECT "
          + StoredRecord.COLUMNS
          + """

          FROM audit.records r
          WHERE r.topic = :topic AND r.partition = :partition AND r."offset" = :offset
            AND r.event_id = :event AND r.redacted IS NULL\
          """;

  private final Jdbi jdbi;
  private final Deserializer<DeadLetter> deserializer;

  Letters(Jdbi jdbi, Deserializer<DeadLetter> deserializer) {
    this.jdbi = jdbi;
    this.deserializer = deserializer;
  }

  /** A letter, with what it does not have of its record. */
  record Found(DeadLetter letter, Missing missing) {}

  Optional<Found> find(LetterId id) {
    String topic = Topics.DEAD_LETTERS.name();
    return jdbi.withHandle(handle ->
        handle
            .createQuery(FIND)
            .bind("topic", topic)
            .bind("partition", id.partition())
            .bind("offset", id.offset())
            .map((row, context) -> {
              DeadLetter letter = deserializer.deserialize(topic, row.getBytes("raw"));
              return new Found(letter, Missing.of(letter, row.getString("redacted")));
            })
            .findOne());
  }

  /** The record of a letter, where the mirror has it as it was. */
  Optional<ConsumerRecord<byte[], byte[]>> original(DeadLetter letter) {
    EventId place =
        EventId.ofPosition(letter.getTopic(), letter.getPartition(), letter.getOffset());
    return jdbi.withHandle(handle ->
        handle
            .createQuery(ORIGINAL)
            .bind("topic", letter.getTopic())
            .bind("partition", letter.getPartition())
            .bind("offset", letter.getOffset())
            .bind("event", Objects.requireNonNullElse(letter.getEventId(), place.value()))
            .map((row, context) -> StoredRecord.of(row).record())
            .findOne());
  }
}
