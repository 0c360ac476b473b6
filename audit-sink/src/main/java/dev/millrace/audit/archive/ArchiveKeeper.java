package dev.millrace.audit.archive;

import dev.millrace.audit.partition.Retention;
import dev.millrace.runtime.app.Component;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Archives and drops the partitions that retention no longer keeps, once in an interval. */
public final class ArchiveKeeper implements Component {

  private static final Logger log = LoggerFactory.getLogger(ArchiveKeeper.class);

  private final PartitionArchiver archiver;
  private final Retention retention;
  private final Duration interval;
  private final Clock clock;
  private final ScheduledExecutorService schedule;

  /**
   * @param app name of the app, for its thread
   */
  public ArchiveKeeper(
      String app, PartitionArchiver archiver, Retention retention, Duration interval, Clock clock) {
    this.archiver = archiver;
    this.retention = retention;
    this.interval = interval;
    this.clock = clock;
    this.schedule =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(app + "-archives").factory());
  }

  @Override
  public void start() {
    var _ =
        schedule.scheduleWithFixedDelay(this::keep, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    schedule.shutdownNow();
  }

  private void keep() {
    try {
      archiver
          .run((day, topics) -> isOver(retention, day, topics, clock.instant()))
          .forEach(ArchiveKeeper::tell);
    } catch (SQLException | JdbiException e) {
      log.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("expired partitions stay for now; they are archived and dropped at the next try");
    }
  }

  /** A partition goes when the topic of it that stays longest has expired. */
  static boolean isOver(Retention retention, LocalDate day, Set<String> topics, Instant now) {
    Instant end = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return end.isBefore(now)
        && topics.stream()
            .allMatch(topic ->
                retention.of(topic).map(stays -> !end.plus(stays).isAfter(now)).orElse(false));
  }

  private static void tell(PartitionArchiver.Outcome outcome) {
    if (outcome.problem() == null) {
      log.atInfo()
          .addKeyValue("table", outcome.table())
          .addKeyValue("rows", outcome.rows())
          .log("a partition that had expired is archived and dropped");
    } else {
      log.atError()
          .addKeyValue("table", outcome.table())
          .addKeyValue("reason", outcome.problem())
          .log("an expired partition stays: it cannot be archived");
    }
  }
}
