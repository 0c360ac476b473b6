package dev.millrace.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.schemas.serde.EventSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordTimestampTest {

  private static final Instant NONE = Instant.ofEpochMilli(-1);

  @TempDir private Path states;
  private TopologyTestDriver driver;
  private TestInputTopic<String, String> in;
  private TestOutputTopic<String, String> out;

  @BeforeEach
  void drive() {
    KafkaConfig config =
        KafkaConfig.from(Environment.of(Map.of("KAFKA_STREAMS_STATE_DIR", states.toString())));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (KafkaClients kafka =
        new KafkaClients("test", config, EventSerdes.of(config.registry()), meters)) {
      Topology copy = copy();
      driver =
          new TopologyTestDriver(copy, new StreamsApp(kafka, meters, copy, Map.of()).properties());
    }
    in = driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
    out = driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void aRecordWithoutATimestampHasThatOfItsPartition() {
    Instant before = Instant.parse("2026-03-01T10:00:00Z");
    in.pipeInput("key", "with", before);
    in.pipeInput("key", "without", NONE);

    assertThat(out.readRecordsToList())
        .extracting(TestRecord::value, TestRecord::timestamp)
        .last()
        .isEqualTo(tuple("without", before.toEpochMilli()));
  }

  @Test
  void theFirstRecordOfAPartitionHasTheTimeNowWhereItHasNone() {
    Instant start = Instant.now();

    in.pipeInput("key", "without", NONE);

    assertThat(out.readRecord().timestamp())
        .isBetween(start.toEpochMilli(), Instant.now().toEpochMilli());
  }

  private static Topology copy() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
        .to("out", Produced.with(Serdes.String(), Serdes.String()));
    return builder.build();
  }
}
