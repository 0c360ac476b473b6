package dev.millrace.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(200);

  private DataDirectory data;
  private EmbeddedKafka kafka;

  @BeforeEach
  void start(@TempDir Path folder) {
    data = DataDirectory.open(folder);
    Ports ports = data.ports(Ports.ALL_CHOSEN);
    kafka = new EmbeddedKafka(data, ports.kafka(), ports.kafkaController());
    kafka.start();
  }

  @AfterEach
  void stop() {
    kafka.stop();
    data.close();
  }

  @Test
  void recordsAndThePortSurviveARestart() throws Exception {
    createTopic("kept");
    produce("kept", "before the restart");

    kafka.stop();
    kafka.start();

    assertThat(read("kept")).containsExactly("before the restart");
  }

  @Test
  void aShareGroupReceivesARecord() throws Exception {
    createTopic("shared");
    readGroupFromTheBeginning("workers");
    produce("shared", "work");

    List<String> received = new ArrayList<>();
    try (var consumer =
        new KafkaShareConsumer<>(
            settings(Map.of("group.id", "workers")),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(Set.of("shared"));
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> {
            consumer.poll(POLL).forEach(record -> received.add(record.value()));
            return !received.isEmpty();
          });
    }

    assertThat(received).containsExactly("work");
  }

  private void createTopic(String name) throws Exception {
    try (Admin admin = Admin.create(settings(Map.of()))) {
      admin.createTopics(Set.of(new NewTopic(name, 1, (short) 1))).all().get();
    }
  }

  private void readGroupFromTheBeginning(String group) throws Exception {
    var earliest = new ConfigEntry("share.auto.offset.reset", "earliest");
    try (Admin admin = Admin.create(settings(Map.of()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, group),
                  Set.of(new AlterConfigOp(earliest, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private void produce(String topic, String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            settings(Map.of("acks", "all")), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, value)).get();
    }
  }

  private List<String> read(String topic) {
    List<String> values = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            settings(Map.of()), new StringDeserializer(), new StringDeserializer())) {
      var partition = new TopicPartition(topic, 0);
      consumer.assign(Set.of(partition));
      consumer.seekToBeginning(Set.of(partition));
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> {
            consumer.poll(POLL).forEach(record -> values.add(record.value()));
            return !values.isEmpty();
          });
    }
    return values;
  }

  private Map<String, Object> settings(Map<String, Object> more) {
    var settings = new java.util.HashMap<String, Object>(more);
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    return settings;
  }
}
