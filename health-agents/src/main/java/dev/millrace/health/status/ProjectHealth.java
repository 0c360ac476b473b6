package dev.millrace.health.status;

import dev.millrace.schemas.health.HealthProbe;
import dev.millrace.schemas.health.ProjectStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the health of a project.
 *
 * @param status how it is
 * @param looks what the latest probes found, oldest first
 * @param probedAt time of the latest probe
 * @param heardAt when the app got to know of it, by its own clock
 * @param anomalyAt when it was found down or degraded last
 * @param changedAt when the status changed last
 */
public record ProjectHealth(
    ProjectStatus status,
    List<Look> looks,
    @Nullable Instant probedAt,
    @Nullable Instant heardAt,
    @Nullable Instant anomalyAt,
    @Nullable Instant changedAt) {

  private static final int MAX_LOOKS = 5;

  /** Nothing is known. */
  public static final ProjectHealth UNKNOWN =
      new ProjectHealth(ProjectStatus.UNKNOWN, List.of(), null, null, null, null);

  /** What a probe found. */
  public enum Look {
    GOOD,
    SLOW,
    FAILED;

    static Look of(HealthProbe probe, Duration slow) {
      if (!probe.getUp()) {
        return FAILED;
      }
      return probe.getResponseTimeMs() > slow.toMillis() ? SLOW : GOOD;
    }

    boolean isAnswer() {
      return this != FAILED;
    }
  }

  public ProjectHealth {
    looks = List.copyOf(looks);
  }

  ProjectHealth seeing(Look look, Instant at, Instant receivedAt) {
    List<Look> longer = new ArrayList<>(looks);
    longer.add(look);
    List<Look> latest = longer.size() <= MAX_LOOKS ? longer : longer.subList(1, longer.size());
    return new ProjectHealth(status, latest, at, receivedAt, anomalyAt, changedAt);
  }

  /** As it is, but found down or degraded just now. */
  ProjectHealth unwell(Instant at) {
    return new ProjectHealth(status, looks, probedAt, heardAt, at, changedAt);
  }

  ProjectHealth becoming(ProjectStatus newStatus, Instant at) {
    return new ProjectHealth(newStatus, looks, probedAt, heardAt, anomalyAt, at);
  }

  /** Not heard of any more, so that neither looks nor anomalies of before count. */
  ProjectHealth silent(Instant at) {
    return new ProjectHealth(ProjectStatus.UNKNOWN, List.of(), probedAt, heardAt, null, at);
  }

  /**
   * When a change shows that was observed then. A probe may reach the app after the app has given
   * up waiting for it; what it changes comes after that all the same, for whoever orders changes by
   * their time.
   */
  Instant notBeforeLastChange(Instant observedAt) {
    return changedAt != null && observedAt.isBefore(changedAt) ? changedAt : observedAt;
  }

  /** Looks at the end of the row that all are like this. */
  int trailing(Predicate<Look> like) {
    int count = 0;
    for (Look look : looks.reversed()) {
      if (!like.test(look)) {
        return count;
      }
      count++;
    }
    return count;
  }

  long badLooks() {
    return looks.stream().filter(look -> look != Look.GOOD).count();
  }
}
