package dev.millrace.audit.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.audit.AuditCheckpoint;
import dev.millrace.schemas.audit.ChainHead;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointChainTest {

  private static final TopicPartition PLACE = new TopicPartition("task.events", 0);

  @TempDir private Path folder;

  private final List<AuditCheckpoint> checkpoints = new ArrayList<>();
  private PublicKey key;

  @BeforeEach
  void make() throws IOException {
    Path file = folder.resolve("key.pem");
    SigningKey signing = SigningKey.loadOrCreate(file);
    key = SigningKey.publicKey(SigningKey.publicFile(file));
    String previous = Checkpoints.NOTHING;
    for (int i = 1; i <= 3; i++) {
      ChainHead head =
          ChainHead.newBuilder()
              .setTopic(PLACE.topic())
              .setPartition(PLACE.partition())
              .setOffset(10L * i)
              .setHash("%064x".formatted(i))
              .build();
      AuditCheckpoint checkpoint =
          Checkpoints.sign(i, Instant.EPOCH.plusSeconds(i), List.of(head), previous, signing);
      checkpoints.add(checkpoint);
      previous = Checkpoints.digest(checkpoint);
    }
  }

  @Test
  void aWholeChainIsBelieved() {
    CheckpointChain chain = new CheckpointChain(checkpoints, key);

    assertThat(chain.findings()).isEmpty();
    assertThat(chain.heads(PLACE)).containsOnlyKeys(10L, 20L, 30L);
  }

  @Test
  void theSameCheckpointFromFileAndTopicCountsOnce() {
    checkpoints.addAll(List.copyOf(checkpoints));

    CheckpointChain chain = new CheckpointChain(checkpoints, key);

    assertThat(chain.findings()).isEmpty();
    assertThat(chain.size()).isEqualTo(3);
  }

  @Test
  void aLineOfTheFileIsReadBack() {
    AuditCheckpoint first = checkpoints.getFirst();

    assertThat(Checkpoints.parse(Checkpoints.line(first))).isEqualTo(first);
  }

  @Test
  void aMissingOneIsFound() {
    checkpoints.remove(1);

    assertThat(new CheckpointChain(checkpoints, key).findings())
        .extracting(Finding::place)
        .containsExactly("checkpoint 3");
  }

  @Test
  void anAlteredOneIsNotBelieved() {
    AuditCheckpoint altered =
        AuditCheckpoint.newBuilder(checkpoints.get(2)).setHeads(List.of()).build();
    checkpoints.set(2, altered);

    CheckpointChain chain = new CheckpointChain(checkpoints, key);

    assertThat(chain.findings()).extracting(Finding::place).containsExactly("checkpoint 3");
    assertThat(chain.heads(PLACE)).containsOnlyKeys(10L, 20L);
  }

  @Test
  void oneSignedWithAnotherKeyIsNotBelieved() throws IOException {
    Path other = folder.resolve("other.pem");
    SigningKey.loadOrCreate(other);

    CheckpointChain chain =
        new CheckpointChain(checkpoints, SigningKey.publicKey(SigningKey.publicFile(other)));

    assertThat(chain.findings()).hasSize(3);
    assertThat(chain.heads(PLACE)).isEmpty();
  }

  @Test
  void theKeyIsMadeOnce() throws IOException {
    Path file = folder.resolve("key.pem");

    assertThat(SigningKey.loadOrCreate(file).id()).isEqualTo(SigningKey.id(key));
  }
}
