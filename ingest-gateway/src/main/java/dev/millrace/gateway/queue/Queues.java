package dev.millrace.gateway.queue;

import dev.millrace.gateway.http.Problem;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.schemas.task.QueueSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How full each queue is, as its router last said and by what was accepted here since. The router
 * has the last word: what it cannot take is rejected there.
 */
public final class Queues {

  private static final Logger log = LoggerFactory.getLogger(Queues.class);
  private static final String CAPACITY = "capacity";
  private static final long NO_LIMIT = Long.MAX_VALUE;
  private static final Duration RETRY_WHEN_SERVED = Duration.ofSeconds(1);
  private static final Duration RETRY_WHEN_PAUSED = Duration.ofSeconds(30);

  private final ConcurrentMap<String, Known> queues = new ConcurrentHashMap<>();

  /** A snapshot, and how many tasks were accepted here after it came. */
  private record Known(QueueSnapshot snapshot, long capacity, AtomicInteger accepted) {

    static Known of(QueueSnapshot snapshot) {
      return new Known(snapshot, capacityOf(snapshot), new AtomicInteger());
    }

    /** The router has the last word, so that a limit that cannot be read need not hold here. */
    private static long capacityOf(QueueSnapshot snapshot) {
      String capacity = snapshot.getSettings().get(CAPACITY);
      if (capacity == null) {
        return NO_LIMIT;
      }
      try {
        return Long.parseLong(capacity);
      } catch (NumberFormatException e) {
        log.atWarn()
            .addKeyValue("queue", snapshot.getQueue())
            .addKeyValue("capacity", capacity)
            .log("expected a whole number as the capacity of a queue; no limit is known");
        return NO_LIMIT;
      }
    }

    boolean isFull() {
      return (long) snapshot.getBacklog() + accepted.get() >= capacity;
    }
  }

  /** A snapshot came on its topic. */
  public void saw(QueueSnapshot snapshot) {
    queues.put(snapshot.getQueue(), Known.of(snapshot));
  }

  /**
   * Refuses a task for a queue that is full.
   *
   * @throws ProblemException 429 if it is
   */
  public void requireRoom(String queue) {
    Known known = queues.get(queue);
    if (known == null || !known.isFull()) {
      return;
    }
    boolean paused = !known.snapshot().getPauses().isEmpty();
    Duration retryAfter = paused ? RETRY_WHEN_PAUSED : RETRY_WHEN_SERVED;
    throw new ProblemException(
        new Problem(
            429,
            "queue-full",
            "The queue is full",
            "expected fewer than %d waiting tasks in the queue %s, found as many%s"
                .formatted(
                    known.capacity(),
                    queue,
                    paused ? "; it is paused: resume it, or raise its capacity" : ""),
            List.of(),
            Map.of("Retry-After", Long.toString(retryAfter.toSeconds()))));
  }

  /** A task for this queue was accepted. */
  public void accepted(String queue) {
    Known known = queues.get(queue);
    if (known != null) {
      known.accepted().incrementAndGet();
    }
  }

  /** Every queue that was heard of, by its name. */
  public Map<String, QueueSnapshot> all() {
    Map<String, QueueSnapshot> all = new TreeMap<>();
    queues.forEach((name, known) -> all.put(name, known.snapshot()));
    return all;
  }

  public Optional<QueueSnapshot> find(String queue) {
    return Optional.ofNullable(queues.get(queue)).map(Known::snapshot);
  }
}
