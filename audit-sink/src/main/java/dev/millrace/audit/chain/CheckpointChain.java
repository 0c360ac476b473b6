package dev.millrace.audit.chain;

import dev.millrace.schemas.audit.AuditCheckpoint;
import dev.millrace.schemas.audit.ChainHead;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Checkpoints that were read from the file and the topic, checked: each is signed, follows the one
 * before, and none is missing between the first and the last. A head that a broken checkpoint names
 * is not believed.
 */
public final class CheckpointChain {

  private final Map<TopicPartition, NavigableMap<Long, String>> heads = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final int size;

  /**
   * Checks them.
   *
   * @param checkpoints in any order; the same one may be there twice, from two places
   * @param key public key that verifies them
   */
  public CheckpointChain(List<AuditCheckpoint> checkpoints, PublicKey key) {
    SortedMap<Long, AuditCheckpoint> sorted = new TreeMap<>();
    for (AuditCheckpoint checkpoint : checkpoints) {
      AuditCheckpoint other = sorted.put(checkpoint.getSequence(), checkpoint);
      if (other != null && !Checkpoints.digest(other).equals(Checkpoints.digest(checkpoint))) {
        broken(checkpoint, "there are two different ones of this number");
      }
    }
    size = sorted.size();
    String previous = Checkpoints.NOTHING;
    long expected = 1;
    for (AuditCheckpoint checkpoint : sorted.values()) {
      if (checkpoint.getSequence() != expected) {
        broken(checkpoint, "expected number " + expected + ": checkpoints before it are missing");
      } else if (!checkpoint.getPrevious().equals(previous)) {
        broken(checkpoint, "it does not follow the one before");
      }
      if (SigningKey.isSigned(Checkpoints.content(checkpoint), checkpoint.getSignature(), key)) {
        believe(checkpoint);
      } else {
        broken(checkpoint, "it is not signed with key " + SigningKey.id(key));
      }
      previous = Checkpoints.digest(checkpoint);
      expected = checkpoint.getSequence() + 1;
    }
  }

  private void believe(AuditCheckpoint checkpoint) {
    for (ChainHead head : checkpoint.getHeads()) {
      heads
          .computeIfAbsent(
              new TopicPartition(head.getTopic(), head.getPartition()), _ -> new TreeMap<>())
          .put(head.getOffset(), head.getHash());
    }
  }

  private void broken(AuditCheckpoint checkpoint, String what) {
    findings.add(new Finding("checkpoint " + checkpoint.getSequence(), what));
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** What does not hold. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** Offsets of a partition with the hash that its row must have. */
  public NavigableMap<Long, String> heads(TopicPartition partition) {
    return heads.getOrDefault(partition, new TreeMap<>());
  }

  /** Partitions that any of them names. */
  List<TopicPartition> partitions() {
    return List.copyOf(heads.keySet());
  }
}
