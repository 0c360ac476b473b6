package dev.millrace.standalone.reset;

import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * What a reset does to one group of an app.
 *
 * @param group the group; of a Streams app its application id
 * @param shared whether it is a share group
 * @param steps what it reads again, by partition
 * @param state topics that hold what it remembers, which are deleted
 */
public record GroupReset(String group, boolean shared, List<Step> steps, List<String> state) {

  /**
   * A partition and its way back.
   *
   * @param place partition
   * @param from where the group stands
   * @param to where it goes on; the same, when there is nothing from that time on
   */
  public record Step(TopicPartition place, long from, long to) {

    /** Offsets that are read again; of records there may be fewer. */
    public long offsets() {
      return from - to;
    }
  }

  /** Offsets that are read again, of all partitions. */
  public long offsets() {
    return steps.stream().mapToLong(Step::offsets).sum();
  }
}
