package dev.millrace.worker.run;

import dev.millrace.runtime.config.Durations;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult.Failed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param result its result as JSON, when it completed
 * @param failure why it did not
 * @param model model that answered
 * @param exitCode exit code of its process, if it was one
 */
record RunEnd(
    RunOutcome outcome,
    @Nullable String result,
    @Nullable AgentFailure failure,
    @Nullable String model,
    @Nullable Integer exitCode) {

  static RunEnd completed(String result, @Nullable String model, @Nullable Integer exitCode) {
    return new RunEnd(RunOutcome.COMPLETED, result, null, model, exitCode);
  }

  static RunEnd failed(Failed failed) {
    return new RunEnd(RunOutcome.FAILED, null, failed.failure(), null, failed.exitCode());
  }

  static RunEnd failed(AgentFailure failure) {
    return failed(new Failed(failure));
  }

  static RunEnd killed(String reason) {
    return new RunEnd(
        RunOutcome.KILLED,
        null,
        AgentFailure.permanent("killed", "the run was killed: " + reason),
        null,
        null);
  }

  static RunEnd timedOut(Duration limit) {
    return new RunEnd(
        RunOutcome.TIMED_OUT,
        null,
        AgentFailure.temporary(
            "timed_out",
            "the run did not end within %s; AGENT_RUN_TIMEOUT limits it"
                .formatted(Durations.text(limit))),
        null,
        null);
  }

  static RunEnd pastDeadline() {
    return new RunEnd(
        RunOutcome.TIMED_OUT,
        null,
        AgentFailure.permanent("deadline_passed", "the deadline of the task has passed"),
        null,
        null);
  }
}
