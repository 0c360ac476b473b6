package dev.millrace.worker.run;

import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.worker.agent.Provider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Meters of runs: {@code millrace.worker.runs.active} by agent, {@code millrace.worker.runs} (count
 * and time) by agent, provider and outcome, {@code millrace.worker.cost.microdollars} by agent and
 * provider.
 */
public final class RunMetrics {

  private final MeterRegistry meters;
  private final Map<String, AtomicInteger> active = new ConcurrentHashMap<>();

  public RunMetrics(MeterRegistry meters) {
    this.meters = meters;
  }

  /** A run begins. */
  Measured start(String agent, Provider provider) {
    AtomicInteger count =
        active.computeIfAbsent(
            agent,
            name ->
                meters.gauge(
                    "millrace.worker.runs.active", Tags.of("agent", name), new AtomicInteger()));
    count.incrementAndGet();
    return new Measured(agent, provider, count, Timer.start(meters));
  }

  /** A run that is measured until it is closed. */
  final class Measured implements AutoCloseable {

    private final Tags tags;
    private final AtomicInteger count;
    private final Timer.Sample sample;

    private Measured(String agent, Provider provider, AtomicInteger count, Timer.Sample sample) {
      this.tags = Tags.of("agent", agent, "provider", provider.code());
      this.count = count;
      this.sample = sample;
    }

    void ended(RunOutcome outcome, long costMicrodollars) {
      sample.stop(
          meters.timer(
              "millrace.worker.runs",
              tags.and("outcome", outcome.name().toLowerCase(Locale.ROOT))));
      meters
          .counter("millrace.worker.cost.microdollars", tags)
          .increment((double) costMicrodollars);
    }

    @Override
    public void close() {
      count.decrementAndGet();
    }
  }
}
