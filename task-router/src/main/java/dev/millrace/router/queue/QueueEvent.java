package dev.millrace.router.queue;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.circuit.Provider;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What happens to a queue. */
public sealed interface QueueEvent {

  /** Code of a run's error that is a question: may the task go on beyond its limits? */
  String APPROVAL_REQUIRED = "approval_required";

  /** Code of a run's error that blames nobody: the deadline of its task passed. */
  String DEADLINE_PASSED = "deadline_passed";

  /** Characters that are kept of a reason: it is repeated in much that follows. */
  int MAX_REASON_LENGTH = 32_000;

  /**
   * Somebody wants a task done.
   *
   * @param moved where it comes from, if it is not new
   */
  record TaskRequested(TaskRequest request, Task.Origin origin, @Nullable Moved moved)
      implements QueueEvent {}

  /**
   * A task comes from the queue of another agent.
   *
   * @param attempts runs it had there: the numbers of its runs go on
   */
  record Moved(int attempts) {}

  /** An agent took up a run; it may say so several times. */
  record RunStarted(TaskId task, RunId run, @Nullable Provider provider, EventContext cause)
      implements QueueEvent {}

  /** A run reports that it is alive. */
  record RunHeartbeat(TaskId task, RunId run) implements QueueEvent {}

  /** A run ended. */
  record RunFinished(TaskId task, RunId run, RunResult result, EventContext cause)
      implements QueueEvent {}

  /** Another part of the router saw the circuit of a provider change. */
  record CircuitChanged(Provider provider, Circuit circuit) implements QueueEvent {}

  /** Somebody tells the queue what to do. */
  record CommandReceived(TaskCommand command, Task.Origin origin) implements QueueEvent {}

  /**
   * Time passed.
   *
   * @param watchedSince since when the runs of the queue were listened to without a break: a run
   *     can only be missed after that
   */
  record Tick(Instant watchedSince) implements QueueEvent {}

  /** How a run ended. */
  sealed interface RunResult {

    /** The work is done; the result is JSON. */
    record Done(@Nullable String result) implements RunResult {}

    /**
     * The work is not done.
     *
     * @param retryable whether another attempt may succeed
     * @param retryAfter how long the provider asks to wait
     * @param blamesProvider whether it is the provider that failed, and not the task
     */
    record Failed(
        String reason, boolean retryable, @Nullable Duration retryAfter, boolean blamesProvider)
        implements RunResult {}

    /** It stopped because it must not go on without somebody's approval. */
    record Asking(String question) implements RunResult {}

    /** The deadline of its task passed before it was done. */
    record Late(String reason) implements RunResult {}

    /** Somebody ended it. */
    record Killed(String reason) implements RunResult {}
  }

  /** What an event of an agent means to the queue that dispatched the run. */
  static QueueEvent of(AgentEvent event, EventContext cause) {
    TaskId task = new TaskId(event.getTaskId());
    RunId run = new RunId(event.getRunId());
    return switch (event.getType()) {
      case STARTED -> new RunStarted(task, run, provider(event), cause);
      case HEARTBEAT, TOOL_CALLED, USAGE, COMMITTED, UNKNOWN -> new RunHeartbeat(task, run);
      case FINISHED -> new RunFinished(task, run, result(event), cause);
    };
  }

  private static @Nullable Provider provider(AgentEvent event) {
    return event.getProvider() == null ? null : new Provider(event.getProvider());
  }

  /** Failures that another task would have met as well. */
  private static boolean blamesProvider(String code) {
    return code.equals("rate_limited")
        || code.equals("timed_out")
        || (code.startsWith("provider_") && !code.equals("provider_rejected"));
  }

  private static RunResult result(AgentEvent event) {
    var outcome = event.getOutcome();
    var error = event.getError();
    if (outcome == null) {
      return new RunResult.Failed("the agent did not say how the run ended", true, null, false);
    }
    boolean retryable = error == null || error.getRetryable();
    String reason =
        error == null
            ? "the run ended as " + outcome.name().toLowerCase(Locale.ROOT)
            : Texts.shorten(error.getCode() + ": " + error.getMessage(), MAX_REASON_LENGTH);
    if (error != null && error.getCode().equals(APPROVAL_REQUIRED)) {
      return new RunResult.Asking(Texts.shorten(error.getMessage(), MAX_REASON_LENGTH));
    }
    if (error != null && error.getCode().equals(DEADLINE_PASSED)) {
      return new RunResult.Late(Texts.shorten(error.getMessage(), MAX_REASON_LENGTH));
    }
    Long retryAfterMs = error == null ? null : error.getRetryAfterMs();
    Duration retryAfter = retryAfterMs == null ? null : Duration.ofMillis(retryAfterMs);
    return switch (outcome) {
      case COMPLETED -> new RunResult.Done(event.getResult());
      case FAILED, TIMED_OUT, UNKNOWN ->
          new RunResult.Failed(
              reason, retryable, retryAfter, error != null && blamesProvider(error.getCode()));
      case KILLED ->
          error != null && error.getRetryable()
              ? new RunResult.Failed(reason, true, retryAfter, false)
              : new RunResult.Killed(reason);
    };
  }
}
