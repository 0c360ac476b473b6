package dev.millrace.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.serde.EventSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

class StreamsAppTest {

  @Test
  void itsOwnTopicsTakeWhateverItReads() {
    int largest =
        Topics.all().stream()
            .map(topic -> topic.config().get("max.message.bytes"))
            .mapToInt(Integer::parseInt)
            .max()
            .orElseThrow();

    Properties settings = settings();

    assertThat(Integer.parseInt((String) settings.get("topic.max.message.bytes")))
        .isGreaterThan(largest)
        .isEqualTo(settings.get("producer.max.request.size"));
  }

  @Test
  void onlyItsOwnTopicsAreWidened() {
    List<String> topics =
        List.of(
            "millrace-test-store-changelog",
            "millrace-test-inputs-repartition",
            "millrace-other-inputs-repartition",
            "millrace-test-handover",
            "task.requests");

    assertThat(InternalTopics.of("millrace-test", topics))
        .containsExactly("millrace-test-store-changelog", "millrace-test-inputs-repartition");
  }

  private static Properties settings() {
    KafkaConfig config = KafkaConfig.from(Environment.of(Map.of()));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (KafkaClients kafka =
        new KafkaClients("test", config, EventSerdes.of(config.registry()), meters)) {
      return new StreamsApp(kafka, meters, new Topology(), Map.of()).properties();
    }
  }
}
