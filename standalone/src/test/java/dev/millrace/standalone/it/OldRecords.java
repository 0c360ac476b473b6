package dev.millrace.standalone.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records that claim to be of a day long ago, one after each of today. */
final class OldRecords {

  private static final int PARTITIONS = 2;

  private OldRecords() {}

  /** Produces so many of the day, and some of now between them; makes the topic if need be. */
  static void produce(Millrace millrace, String topic, LocalDate day, int count) throws Exception {
    if (!millrace.kafka().admin().listTopics().names().get(30, TimeUnit.SECONDS).contains(topic)) {
      millrace
          .kafka()
          .admin()
          .createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    long noonMs = day.atTime(12, 0).toInstant(ZoneOffset.UTC).toEpochMilli();
    try (NewTopicProducer producer = new NewTopicProducer(millrace, "old-records")) {
      for (int i = 0; i < count; i++) {
        byte[] key = Integer.toString(i % 4).getBytes(UTF_8);
        byte[] value = ("record " + i + " of " + day).getBytes(UTF_8);
        producer.send(new ProducerRecord<>(topic, null, noonMs + i, key, value));
        if (i % 3 == 0) {
          producer.send(new ProducerRecord<>(topic, key, value));
        }
      }
      producer.finish();
    }
  }

  /** Rows of a topic and a day that the mirror has. */
  static long rows(Millrace millrace, String topic, LocalDate day) {
    return Queries.count(
        millrace,
        """
        SELECT count(*) FROM audit.records
        WHERE topic = ? AND ("timestamp" AT TIME ZONE 'UTC')::date = ?
        """,
        topic,
        day);
  }

  /** The partition of the mirror that a day has. */
  static String table(LocalDate day) {
    return "records_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
  }
}
