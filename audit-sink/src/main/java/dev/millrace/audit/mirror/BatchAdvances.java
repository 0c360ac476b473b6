package dev.millrace.audit.mirror;

import dev.millrace.audit.copy.MirrorRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The steps of a batch, split in two: those of its first rows end after the last of them, those of
 * the rest go on from there.
 */
record BatchAdvances(Map<TopicPartition, Advance> first, Map<TopicPartition, Advance> second) {

  static BatchAdvances split(List<MirrorRow> firstRows, Map<TopicPartition, Advance> whole) {
    Map<TopicPartition, Advance> first = new HashMap<>();
    Map<TopicPartition, Advance> second = new HashMap<>(whole);
    for (MirrorRow row : firstRows) {
      ConsumerRecord<byte[], byte[]> record = row.record();
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      Advance step = whole.get(partition);
      if (step == null) {
        throw new IllegalArgumentException(partition + " has rows in a batch and no advance");
      }
      long middle = record.offset() + 1;
      first.put(partition, new Advance(step.expected(), middle));
      second.put(partition, new Advance(middle, step.next()));
    }
    return new BatchAdvances(first, second);
  }
}
