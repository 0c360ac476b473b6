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
 */
public record ProjectHealth(
    ProjectStatus status,
    List<Look> looks,
    @Nullable Instant probedAt,
    @Nullable Instant heardAt,
    @Nullable Instant anomalyAt) {

  private static final int MAX_LOOKS = 5;

  /** Nothing is known. */
  public static final ProjectHealth UNKNOWN =
      new ProjectHealth(ProjectStatus.UNKNOWN, List.of(), null, null, null);

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
    return new ProjectHealth(status, latest, at, receivedAt, anomalyAt);
  }

  ProjectHealth becoming(ProjectStatus newStatus, @Nullable Instant newAnomalyAt) {
    return new ProjectHealth(newStatus, looks, probedAt, heardAt, newAnomalyAt);
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
