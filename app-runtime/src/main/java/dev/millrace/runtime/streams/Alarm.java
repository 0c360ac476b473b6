package dev.millrace.runtime.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells a processor the time when something is due, and only then. Kafka Streams commits after
 * every punctuation, whatever came of it: a processor that is told the time ten times a second
 * keeps its broker busy with transactions for nothing, day and night.
 *
 * <p>Of one processor, and used by its thread only.
 */
public final class Alarm {

  private final ProcessingContext context;
  private final Duration resolution;
  private final Consumer<Instant> action;
  private @Nullable Cancellable schedule;
  private Instant setFor = Instant.MAX;

  /**
   * @param resolution how exact it is: it goes off no sooner than this after it was set
   * @param action told the time when it goes off; sets it again for what is due next
   */
  public Alarm(ProcessingContext context, Duration resolution, Consumer<Instant> action) {
    this.context = context;
    this.resolution = resolution;
    this.action = action;
  }

  /**
   * Sets it for this time, unless it is set for an earlier one.
   *
   * @param due {@link Instant#MAX} for never
   */
  public void setFor(Instant due) {
    if (!due.isBefore(setFor)) {
      return;
    }
    Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
    Instant soonest = now.plus(resolution);
    Instant next = due.isBefore(soonest) ? soonest : due;
    if (!next.isBefore(setFor)) {
      return;
    }
    cancel();
    setFor = next;
    schedule =
        context.schedule(
            Duration.between(now, next),
            PunctuationType.WALL_CLOCK_TIME,
            nowMs -> {
              cancel();
              action.accept(Instant.ofEpochMilli(nowMs));
            });
  }

  private void cancel() {
    if (schedule != null) {
      schedule.cancel();
      schedule = null;
    }
    setFor = Instant.MAX;
  }
}
