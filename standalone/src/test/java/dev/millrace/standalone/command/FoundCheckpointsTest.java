package dev.millrace.standalone.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.audit.chain.Finding;
import dev.millrace.schemas.audit.AuditCheckpoint;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.serde.WireFormat;
import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoundCheckpointsTest {

  private static final TopicPartition PLACE =
      new TopicPartition(Topics.AUDIT_CHECKPOINTS.name(), 0);

  private static final String LINE =
      """
      {"sequence": 1, "created_at": "2026-01-23T08:00:00Z", "previous": "", "key_id": "k",\
       "signature": "s", "heads": []}\
      """;

  @TempDir private Path folder;

  private final FoundCheckpoints found = new FoundCheckpoints();

  @Test
  void whatIsNoCheckpointOnTheTopicIsNamedAndTheOthersAreRead() {
    try (MockConsumer<byte[], byte[]> consumer =
        topicWithATombstoneAnd("no checkpoint".getBytes(UTF_8), WireFormat.frame(1, new byte[0]))) {

      found.readTopic(consumer, numbers());
    }

    assertThat(found.checkpoints()).extracting(AuditCheckpoint::getSequence).containsExactly(1L);
    assertThat(found.strange())
        .containsExactly(
            new Finding("audit.checkpoints-0@0", "it is no checkpoint: a tombstone"),
            new Finding(
                "audit.checkpoints-0@1",
                "it is no checkpoint: expected magic byte 0 before the schema id, found 0x6e"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "17",
        "{\"sequence\": 1, \"created_at\": \"yesterday\", \"heads\": []}"
      })
  void aLineOfTheFileThatIsNoCheckpointIsNamedAndTheOthersAreRead(String line) throws IOException {
    Path file = folder.resolve("checkpoints.jsonl");
    Files.writeString(file, LINE + "\n" + line + "\n" + LINE + "\n");

    found.readFile(file);

    assertThat(found.checkpoints()).hasSize(2);
    assertThat(found.strange())
        .containsExactly(new Finding(file + ", line 2", "it is no checkpoint"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"# A heading, and text", "AAAA"})
  void aFileThatIsNoKeyIsNamed(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("key.pub"), text);

    assertThatThrownBy(() -> AuditFiles.publicKey(file))
        .isInstanceOf(StackException.class)
        .hasMessage("the key cannot be read: expected an Ed25519 public key in " + file);
  }

  @SuppressWarnings("NullAway") // Kafka takes null for a value that is not there
  private static MockConsumer<byte[], byte[]> topicWithATombstoneAnd(byte[]... values) {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    consumer.updatePartitions(
        PLACE.topic(),
        List.of(new PartitionInfo(PLACE.topic(), 0, Node.noNode(), new Node[0], new Node[0])));
    consumer.updateBeginningOffsets(Map.of(PLACE, 0L));
    consumer.updateEndOffsets(Map.of(PLACE, values.length + 1L));
    consumer.schedulePollTask(() -> {
      consumer.addRecord(new ConsumerRecord<>(PLACE.topic(), 0, 0, null, null));
      for (int i = 0; i < values.length; i++) {
        consumer.addRecord(new ConsumerRecord<>(PLACE.topic(), 0, i + 1, null, values[i]));
      }
    });
    return consumer;
  }

  /** Reads what is framed as a value as the checkpoint whose number is the schema's. */
  private static Deserializer<AuditCheckpoint> numbers() {
    return (_, value) ->
        AuditCheckpoint.newBuilder()
            .setSequence(WireFormat.schemaId(value))
            .setCreatedAt(Instant.EPOCH)
            .setHeads(List.of())
            .setPrevious("")
            .setKeyId("k")
            .setSignature("s")
            .build();
  }
}
