package dev.millrace.standalone.demo;

import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.serde.EventSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** SQL shows every event of each step under one trace, and as many records as Kafka has. */
record AuditStep(DemoContext demo) implements Step {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

  @Override
  public String title() {
    return "The audit database has every event, under one trace each";
  }

  @Override
  public void run(Report report) throws InterruptedException {
    for (Map.Entry<String, String> trace : demo.traces().entrySet()) {
      String events =
          demo.text(
                  """
                  SELECT string_agg(event_type || CASE WHEN n > 1 THEN ' x' || n ELSE '' END, ', '
                                    ORDER BY first)
                  FROM (SELECT event_type, count(*) AS n, min("timestamp") AS first
                        FROM ai_events WHERE trace_id = ? GROUP BY 1) AS steps
                  """,
                  trace.getValue())
              .orElseThrow(
                  () -> new StepFailedException("expected events in trace " + trace.getValue()));
      report.held("%s: %s", trace.getKey(), events);
    }
    // It writes an event every second; without it the pipeline comes to rest and can be counted.
    demo.pipeline().stopApp("health-agents");
    Map<String, Long> onKafka =
        Eventually.find("the mirror to have what Kafka has", TIMEOUT, this::equalCounts);
    long total = onKafka.values().stream().mapToLong(Long::longValue).sum();
    report.held(
        "%d topics, %d records: as many in audit.records as on Kafka", onKafka.size(), total);
    report.look(
        "./millrace psql -c \"SELECT topic, count(*) FROM audit.records GROUP BY 1 ORDER BY 1\"");
  }

  private Optional<Map<String, Long>> equalCounts() {
    Map<String, Long> mirrored = mirrored();
    Map<String, Long> onKafka = onKafka();
    return mirrored.equals(onKafka) ? Optional.of(onKafka) : Optional.empty();
  }

  private Map<String, Long> mirrored() {
    return demo.audit()
        .withHandle(handle ->
            handle
                .createQuery("SELECT topic, count(*) AS n FROM audit.records GROUP BY topic")
                .reduceRows(
                    new TreeMap<String, Long>(),
                    (counts, row) -> {
                      counts.put(
                          row.getColumn("topic", String.class), row.getColumn("n", Long.class));
                      return counts;
                    }));
  }

  /** Counts records one by one: offsets also number the markers of transactions. */
  private Map<String, Long> onKafka() {
    KafkaConfig config = KafkaConfig.from(demo.pipeline().environment());
    Map<String, Long> counts = new TreeMap<>();
    try (KafkaClients kafka =
            new KafkaClients(
                "demo", config, EventSerdes.of(config.registry()), new SimpleMeterRegistry());
        Consumer<byte[], byte[]> consumer = kafka.consumer("count", null, Map.of())) {
      List<TopicPartition> partitions =
          consumer.listTopics().entrySet().stream()
              .filter(topic -> Topics.find(topic.getKey()).isPresent())
              .flatMap(topic -> topic.getValue().stream())
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
          counts.merge(record.topic(), 1L, Long::sum);
        }
      }
    }
    return counts;
  }
}
