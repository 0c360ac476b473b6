package dev.millrace.audit.deadletter;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.jdbi.v3.core.Jdbi;

/** The dead letters that the mirror has. */
final class Letters {

  private static final String FIND =
      """
      SELECT raw FROM audit.records
      WHERE topic = :topic AND partition = :partition AND "offset" = :offset\
      """;

  private final Jdbi jdbi;
  private final Deserializer<DeadLetter> deserializer;

  Letters(Jdbi jdbi, Deserializer<DeadLetter> deserializer) {
    this.jdbi = jdbi;
    this.deserializer = deserializer;
  }

  Optional<DeadLetter> find(LetterId id) {
    String topic = Topics.DEAD_LETTERS.name();
    return jdbi.withHandle(handle ->
            handle
                .createQuery(FIND)
                .bind("topic", topic)
                .bind("partition", id.partition())
                .bind("offset", id.offset())
                .mapTo(byte[].class)
                .findOne())
        .map(value -> deserializer.deserialize(topic, value));
  }
}
