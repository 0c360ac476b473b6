package dev.millrace.health.remedy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the repairs of one project by one action.
 *
 * @param runningCommand command without an outcome yet
 * @param runningUntil when it counts as lost
 * @param coolUntil until when the action is not commanded again
 * @param past how earlier ones ended, oldest first
 */
public record Repairs(
    @Nullable String runningCommand,
    @Nullable Instant runningUntil,
    @Nullable Instant coolUntil,
    List<PastRepair> past) {

  private static final int MAX_PAST = 10;

  public static final Repairs NONE = new Repairs(null, null, null, List.of());

  public Repairs {
    past = List.copyOf(past);
  }

  Repairs running(String commandId, Instant until) {
    return new Repairs(commandId, until, coolUntil, past);
  }

  Repairs ended(PastRepair repair, @Nullable Instant newCoolUntil) {
    List<PastRepair> longer = new ArrayList<>(past);
    longer.removeIf(earlier -> earlier.commandId().equals(repair.commandId()));
    longer.add(repair);
    List<PastRepair> latest =
        longer.size() <= MAX_PAST
            ? longer
            : longer.subList(longer.size() - MAX_PAST, longer.size());
    boolean wasRunning = repair.commandId().equals(runningCommand);
    return new Repairs(
        wasRunning ? null : runningCommand,
        wasRunning ? null : runningUntil,
        newCoolUntil == null ? coolUntil : newCoolUntil,
        latest);
  }

  boolean knowsEndOf(String commandId) {
    return past.stream().anyMatch(repair -> repair.commandId().equals(commandId));
  }

  /** Why the action is not to be commanded now, if it is not. */
  Optional<String> obstacle(Instant at) {
    if (runningUntil != null && at.isBefore(runningUntil)) {
      return Optional.of("it is already under way");
    }
    return coolUntil != null && at.isBefore(coolUntil)
        ? Optional.of("it was done just before, and again not before " + coolUntil)
        : Optional.empty();
  }
}
