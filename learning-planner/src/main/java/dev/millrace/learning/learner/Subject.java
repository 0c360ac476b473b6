package dev.millrace.learning.learner;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a learner learns, or learned last: what signals are about that do not say more.
 *
 * @param topic the subject, as it was told first
 * @param since when it took the place of another one; null if there was none before
 */
public record Subject(String topic, @Nullable Instant since) {

  /** Whether this is the topic, however it is spelled. */
  boolean is(String other) {
    return topic.strip().equalsIgnoreCase(other.strip());
  }

  /** Whether what was true then was about an earlier subject. */
  boolean beganAfter(Instant time) {
    return since != null && time.isBefore(since);
  }
}
