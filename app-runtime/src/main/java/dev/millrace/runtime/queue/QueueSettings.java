package dev.millrace.runtime.queue;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Durations;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a queue.
 *
 * @param stopOnFailure whether a task that failed for good pauses the queue
 * @param maxConcurrent tasks that may run at the same time, at most
 * @param retry when a failed run is tried again
 * @param capacity tasks that may wait, at most
 * @param ageing wait after which a task counts as one priority higher; zero switches it off
 * @param deadline after which a task that set none itself is worth nothing any more
 */
public record QueueSettings(
    boolean stopOnFailure,
    int maxConcurrent,
    RetryPolicy retry,
    int capacity,
    Duration ageing,
    @Nullable Duration deadline) {

  public static final String PAUSED = "paused";
  private static final String STOP_ON_FAILURE = "stop_on_failure";
  private static final String MAX_CONCURRENT = "max_concurrent";
  private static final String MAX_ATTEMPTS = "max_attempts";
  private static final String RETRY_BACKOFF = "retry_backoff";
  private static final String RETRY_MAX_BACKOFF = "retry_max_backoff";
  private static final String CAPACITY = "capacity";
  private static final String AGEING = "ageing";
  private static final String DEADLINE = "deadline";

  private static final List<String> NAMES =
      List.of(
          PAUSED,
          STOP_ON_FAILURE,
          MAX_CONCURRENT,
          MAX_ATTEMPTS,
          RETRY_BACKOFF,
          RETRY_MAX_BACKOFF,
          CAPACITY,
          AGEING,
          DEADLINE);

  private static final int MAX_CONCURRENT_LIMIT = 10_000;
  private static final int MAX_ATTEMPTS_LIMIT = 100;
  private static final int CAPACITY_LIMIT = 10_000_000;

  public QueueSettings {
    if (maxConcurrent < 0 || capacity < 0 || ageing.isNegative()) {
      throw new IllegalArgumentException(
          "limits of a queue are not negative: max_concurrent %d, capacity %d, ageing %s"
              .formatted(maxConcurrent, capacity, ageing));
    }
  }

  /** What a queue starts with: nothing paused, one task at a time, stopped by a failure. */
  public static QueueSettings defaults() {
    return new QueueSettings(
        true,
        1,
        new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofMinutes(5)),
        100_000,
        Duration.ofMinutes(10),
        null);
  }

  /**
   * Reads the defaults of all queues: of each setting the variable {@code QUEUE_} and its name, for
   * example {@code QUEUE_MAX_CONCURRENT}.
   */
  public static QueueSettings from(Environment environment) {
    return defaults().read(environment, name -> "QUEUE_" + name.toUpperCase(Locale.ROOT), true);
  }

  /**
   * These settings with some of them changed.
   *
   * @param changes new values by the name of the setting, as text; {@value #PAUSED} is checked and
   *     left to the queue
   * @throws ConfigurationException if a name is unknown or a value makes no sense; the message says
   *     which
   */
  public QueueSettings with(Map<String, String> changes) {
    changes.forEach((name, value) -> {
      if (!NAMES.contains(name)) {
        throw new ConfigurationException(
            name, "is not a setting of a queue; there are " + String.join(", ", NAMES));
      }
      if (value.isBlank()) {
        throw new ConfigurationException(name, "expected a value, found none");
      }
    });
    Environment values = Environment.of(changes);
    values.bool(PAUSED, false);
    return read(values, UnaryOperator.identity(), true);
  }

  /**
   * These settings with those that were changed while others held. They were checked then; where
   * they do not go with these any more, the longest backoff is the first.
   *
   * @param overrides values by the name of the setting, as {@link #with} took them
   */
  public QueueSettings overriddenBy(Map<String, String> overrides) {
    return read(Environment.of(overrides), UnaryOperator.identity(), false);
  }

  private QueueSettings read(
      Environment values, UnaryOperator<String> variable, boolean mustFitTogether) {
    Duration first = values.duration(variable.apply(RETRY_BACKOFF), retry.firstBackoff());
    Duration longest = values.duration(variable.apply(RETRY_MAX_BACKOFF), retry.maxBackoff());
    if (longest.compareTo(first) < 0) {
      if (mustFitTogether) {
        throw new ConfigurationException(
            variable.apply(RETRY_MAX_BACKOFF),
            "expected at least the first backoff of %s, found %s"
                .formatted(Durations.text(first), Durations.text(longest)));
      }
      longest = first;
    }
    Duration deadlineOrZero =
        values.duration(variable.apply(DEADLINE), deadline == null ? Duration.ZERO : deadline);
    return new QueueSettings(
        values.bool(variable.apply(STOP_ON_FAILURE), stopOnFailure),
        values.integer(variable.apply(MAX_CONCURRENT), maxConcurrent, 0, MAX_CONCURRENT_LIMIT),
        new RetryPolicy(
            values.integer(
                variable.apply(MAX_ATTEMPTS), retry.maxAttempts(), 1, MAX_ATTEMPTS_LIMIT),
            first,
            longest),
        values.integer(variable.apply(CAPACITY), capacity, 0, CAPACITY_LIMIT),
        values.duration(variable.apply(AGEING), ageing),
        deadlineOrZero.isZero() ? null : deadlineOrZero);
  }

  /** Every setting by its name, as text that {@link #with} reads. */
  public Map<String, String> asMap() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(STOP_ON_FAILURE, Boolean.toString(stopOnFailure));
    values.put(MAX_CONCURRENT, Integer.toString(maxConcurrent));
    values.put(MAX_ATTEMPTS, Integer.toString(retry.maxAttempts()));
    values.put(RETRY_BACKOFF, Durations.text(retry.firstBackoff()));
    values.put(RETRY_MAX_BACKOFF, Durations.text(retry.maxBackoff()));
    values.put(CAPACITY, Integer.toString(capacity));
    values.put(AGEING, Durations.text(ageing));
    values.put(DEADLINE, Durations.text(deadline == null ? Duration.ZERO : deadline));
    return values;
  }
}
