package dev.millrace.worker.run;

import dev.millrace.runtime.config.Durations;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.Work;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentRun;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Carries out one assignment: says that the run started, lets the agent work on a thread of its
 * own, says every few seconds that the run is alive, ends it when it is killed or out of time, and
 * says how it ended. It returns, and so accepts the delivery, when all of that is on its topics.
 *
 * <p>A run that failed is a run that ended: whether the task is tried again is the router's
 * decision. The delivery comes again only when the worker stops or the broker does not take the
 * events.
 */
public final class RunExecutor implements Work<AgentAssignment> {

  private final RunWork work;
  private final RunLimits limits;
  private final ActiveRuns activeRuns;
  private final RunMetrics metrics;
  private final Surroundings surroundings;

  /**
   * What all runs of a worker share.
   *
   * @param app name of the app
   * @param worker name of this process, {@code host:pid}
   */
  public record Surroundings(
      String app, String worker, EventSink events, PriceTable prices, Clock clock) {}

  public RunExecutor(
      RunWork work,
      RunLimits limits,
      ActiveRuns activeRuns,
      RunMetrics metrics,
      Surroundings surroundings) {
    this.work = work;
    this.limits = limits;
    this.activeRuns = activeRuns;
    this.metrics = metrics;
    this.surroundings = surroundings;
  }

  @Override
  public void process(Delivery<AgentAssignment> delivery) throws InterruptedException {
    AgentRun run = AgentRun.of(delivery.value());
    RunReport report = report(delivery);
    report.started();
    RunMetrics.Measured measured = metrics.start(run.agent(), work.agent().provider());
    try {
      CompletableFuture<RunEnd> end = activeRuns.enter(run.id());
      try {
        report.finished(supervise(run, report, end));
      } finally {
        activeRuns.leave(run.id());
      }
      report.awaitWritten();
      measured.ended(end.resultNow().outcome(), report.costMicrodollars());
    } finally {
      measured.close();
    }
  }

  /** Such a run ended its workers, or they could not report it: another attempt might, too. */
  @Override
  public void givenUp(Delivery<AgentAssignment> delivery, String reason)
      throws InterruptedException {
    RunReport report = report(delivery);
    report.finished(
        RunEnd.failed(AgentFailure.permanent("given_up", "the run was given up: " + reason)));
    report.awaitWritten();
  }

  private RunReport report(Delivery<AgentAssignment> delivery) {
    return new RunReport(
        delivery.value(), delivery.context(), work.agent().provider(), surroundings);
  }

  /** Waits for whoever ends the run first: the agent, a command, or the clock. */
  private RunEnd supervise(AgentRun run, RunReport report, CompletableFuture<RunEnd> end)
      throws InterruptedException {
    if (end.isDone()) {
      return end.resultNow();
    }
    Limit limit = limit(run);
    if (!limit.time().isPositive()) {
      end.complete(limit.end());
      return end.resultNow();
    }
    Thread agent =
        Thread.ofVirtual()
            .name(surroundings.app() + "-run-" + run.id())
            .start(() -> work(run, report, end));
    try {
      return await(report, end, limit);
    } finally {
      agent.interrupt();
      if (!agent.join(limits.endGrace())) {
        report.log(
            "the agent did not stop within "
                + Durations.text(limits.endGrace())
                + "; it is left behind");
      }
    }
  }

  /**
   * How long a run may take from now on, and how it ends when that is over: nobody is to blame when
   * it was the task's deadline.
   */
  private record Limit(Duration time, RunEnd end) {}

  private Limit limit(AgentRun run) {
    Duration timeout = limits.timeout();
    if (run.deadline() != null) {
      Duration left = Duration.between(surroundings.clock().instant(), run.deadline());
      if (left.compareTo(timeout) < 0) {
        return new Limit(left, RunEnd.pastDeadline());
      }
    }
    return new Limit(timeout, RunEnd.timedOut(timeout));
  }

  private RunEnd await(RunReport report, CompletableFuture<RunEnd> end, Limit limit)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.time().toNanos();
    while (true) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        end.complete(limit.end());
      }
      try {
        return end.get(Math.min(left, limits.heartbeatInterval().toNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (deadline - System.nanoTime() > 0) {
          report.heartbeat();
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("the run broke", e.getCause());
      }
    }
  }

  /** On the agent's thread. An error of the platform ends the delivery, not only the run. */
  private void work(AgentRun run, RunReport report, CompletableFuture<RunEnd> end) {
    try {
      end.complete(report.callCause().within(() -> work.execute(run, report)));
    } catch (InterruptedException e) {
      end.completeExceptionally(e);
    } catch (Error e) {
      end.completeExceptionally(e);
      throw e;
    }
  }
}
