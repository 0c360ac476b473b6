package dev.millrace.router.queue;

import dev.millrace.router.circuit.Provider;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a queue keeps about itself.
 *
 * @param overrides settings that commands changed, by name
 * @param pauses what holds it back; it dispatches when nothing does
 * @param backlog tasks that wait, are delayed or held
 * @param running tasks that hold a slot
 * @param issued places given out so far
 * @param sweep tasks that are being cancelled all together
 * @param clearedAt tasks that ended before cannot be retried any more
 * @param provider who answered for the last run; null before the first
 */
public record QueueStatus(
    Map<String, String> overrides,
    Set<Pause> pauses,
    int backlog,
    int running,
    long issued,
    Sweep sweep,
    Instant clearedAt,
    @Nullable Provider provider) {

  /** At which level a queue is paused; each is resumed at its own. */
  public enum Pause {
    EVERYTHING,
    QUEUE,
    AGENT
  }

  /**
   * Tasks that are cancelled all together: those with a place up to this one.
   *
   * @param active whether some of them may still be in the line
   */
  public record Sweep(long upTo, boolean active, @Nullable String reason) {}

  public static final QueueStatus NEW =
      new QueueStatus(Map.of(), Set.of(), 0, 0, 0, new Sweep(0, false, null), Instant.EPOCH, null);

  public QueueStatus {
    overrides = Map.copyOf(overrides);
    pauses = Set.copyOf(pauses);
    if (backlog < 0 || running < 0) {
      throw new IllegalStateException(
          "a queue cannot hold %d waiting and %d running tasks".formatted(backlog, running));
    }
  }

  public boolean isPaused() {
    return !pauses.isEmpty();
  }

  /**
   * What a tenant's queue begins with when its agent's queue is like this: the same settings, and
   * paused where more than the one queue is.
   */
  public QueueStatus inherited() {
    Set<Pause> wider = EnumSet.noneOf(Pause.class);
    wider.addAll(pauses);
    wider.remove(Pause.QUEUE);
    QueueStatus begun = NEW.withOverrides(overrides).withPauses(wider);
    return provider == null ? begun : begun.withProvider(provider);
  }

  QueueStatus withOverrides(Map<String, String> next) {
    return new QueueStatus(next, pauses, backlog, running, issued, sweep, clearedAt, provider);
  }

  QueueStatus withPauses(Set<Pause> next) {
    return new QueueStatus(overrides, next, backlog, running, issued, sweep, clearedAt, provider);
  }

  QueueStatus withCounts(int backlogChange, int runningChange) {
    return new QueueStatus(
        overrides,
        pauses,
        backlog + backlogChange,
        running + runningChange,
        issued,
        sweep,
        clearedAt,
        provider);
  }

  QueueStatus withIssued(long next) {
    return new QueueStatus(overrides, pauses, backlog, running, next, sweep, clearedAt, provider);
  }

  QueueStatus withSweep(Sweep next) {
    return new QueueStatus(overrides, pauses, backlog, running, issued, next, clearedAt, provider);
  }

  QueueStatus withClearedAt(Instant next) {
    return new QueueStatus(overrides, pauses, backlog, running, issued, sweep, next, provider);
  }

  QueueStatus withProvider(Provider next) {
    return new QueueStatus(overrides, pauses, backlog, running, issued, sweep, clearedAt, next);
  }
}
