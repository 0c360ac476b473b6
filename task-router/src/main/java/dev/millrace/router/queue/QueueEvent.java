package dev.millrace.router.queue;

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

  /** Somebody wants a task done. */
  record TaskRequested(TaskRequest request, Task.Origin origin) implements QueueEvent {}

  /** An agent took up a run; it may say so several times. */
  record RunStarted(TaskId task, RunId run, EventContext cause) implements QueueEvent {}

  /** A run reports that it is alive. */
  record RunHeartbeat(TaskId task, RunId run) implements QueueEvent {}

  /** A run ended. */
  record RunFinished(TaskId task, RunId run, RunResult result, EventContext cause)
      implements QueueEvent {}

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
     */
    record Failed(String reason, boolean retryable, @Nullable Duration retryAfter)
        implements RunResult {}

    /** It stopped because it must not go on without somebody's approval. */
    record Asking(String question) implements RunResult {}

    /** Somebody ended it. */
    record Killed(String reason) implements RunResult {}
  }

  /** What an event of an agent means to the queue that dispatched the run. */
  static QueueEvent of(AgentEvent event, EventContext cause) {
    TaskId task = new TaskId(event.getTaskId());
    RunId run = new RunId(event.getRunId());
    return switch (event.getType()) {
      case STARTED -> new RunStarted(task, run, cause);
      case HEARTBEAT, TOOL_CALLED, USAGE, COMMITTED, UNKNOWN -> new RunHeartbeat(task, run);
      case FINISHED -> new RunFinished(task, run, result(event), cause);
    };
  }

  private static RunResult result(AgentEvent event) {
    var outcome = event.getOutcome();
    var error = event.getError();
    if (outcome == null) {
      return new RunResult.Failed("the agent did not say how the run ended", true, null);
    }
    boolean retryable = error == null || error.getRetryable();
    String reason =
        error == null
            ? "the run ended as " + outcome.name().toLowerCase(Locale.ROOT)
            : error.getCode() + ": " + error.getMessage();
    if (error != null && error.getCode().equals(APPROVAL_REQUIRED)) {
      return new RunResult.Asking(error.getMessage());
    }
    Long retryAfterMs = error == null ? null : error.getRetryAfterMs();
    Duration retryAfter = retryAfterMs == null ? null : Duration.ofMillis(retryAfterMs);
    return switch (outcome) {
      case COMPLETED -> new RunResult.Done(event.getResult());
      case FAILED, TIMED_OUT, UNKNOWN -> new RunResult.Failed(reason, retryable, retryAfter);
      case KILLED ->
          error != null && error.getRetryable()
              ? new RunResult.Failed(reason, true, retryAfter)
              : new RunResult.Killed(reason);
    };
  }
}
