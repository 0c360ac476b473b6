package dev.millrace.remediation.execution;

import dev.millrace.remediation.hook.HookResult;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a command.
 *
 * @param command the command
 * @param state how far it is
 * @param reason why it failed or was skipped
 * @param hook kind of hook that ran
 * @param exitCode exit code of a process, or status of an answer
 * @param output what the hook said
 * @param startedAt when it was started, or skipped
 * @param finishedAt when it ended; null while it runs
 */
public record Execution(
    Order command,
    State state,
    @Nullable String reason,
    @Nullable String hook,
    @Nullable Integer exitCode,
    @Nullable String output,
    Instant startedAt,
    @Nullable Instant finishedAt) {

  /** How far a command is. */
  public enum State {
    /** It runs, or nobody knows how it ended. */
    STARTED,
    SUCCEEDED,
    FAILED,
    SKIPPED
  }

  static Execution skipped(Order command, String reason, Instant at) {
    return new Execution(command, State.SKIPPED, reason, null, null, null, at, at);
  }

  static Execution started(Order command, String hook, Instant at) {
    return new Execution(command, State.STARTED, null, hook, null, null, at, null);
  }

  Execution ended(HookResult result, Instant at) {
    return new Execution(
        command,
        result.succeeded() ? State.SUCCEEDED : State.FAILED,
        result.reason(),
        hook,
        result.code(),
        result.output(),
        startedAt,
        at);
  }

  Execution failed(String why, Instant at) {
    return new Execution(command, State.FAILED, why, hook, exitCode, output, startedAt, at);
  }

  boolean isFinished() {
    return finishedAt != null;
  }
}
