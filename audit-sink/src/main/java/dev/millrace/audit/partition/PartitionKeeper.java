package dev.millrace.audit.partition;

import dev.millrace.runtime.app.Component;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes partitions ahead at start and from then on every hour. */
public final class PartitionKeeper implements Component {

  private static final Logger log = LoggerFactory.getLogger(PartitionKeeper.class);
  private static final Duration INTERVAL = Duration.ofHours(1);

  private final DailyPartitions partitions;
  private final ScheduledExecutorService schedule;

  /**
   * @param app name of the app, for its thread
   * @param partitions the partitions it makes
   */
  public PartitionKeeper(String app, DailyPartitions partitions) {
    this.partitions = partitions;
    this.schedule =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(app + "-partitions").factory());
  }

  @Override
  public void start() {
    makeAhead();
    var _ =
        schedule.scheduleWithFixedDelay(
            this::makeAhead, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    schedule.shutdownNow();
  }

  /** Those that are missing now are made when records for them arrive, or in an hour. */
  private void makeAhead() {
    try {
      partitions.ensureAhead();
    } catch (SQLException e) {
      log.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("partitions are not made ahead now; trying again in an hour");
    }
  }
}
