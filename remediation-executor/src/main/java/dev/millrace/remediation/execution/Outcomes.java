package dev.millrace.remediation.execution;

import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.remediation.OutcomeStatus;
import dev.millrace.schemas.remediation.RemediationOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says what became of commands. The same step of the same command always is the same event. */
public final class Outcomes {

  private final String app;
  private final Writer writer;

  /** Where outcomes go. */
  @FunctionalInterface
  public interface Writer {
    /** Writes an outcome and waits until it is acknowledged. */
    void write(RemediationOutcome outcome, EventContext context) throws InterruptedException;
  }

  public Outcomes(String app, Writer writer) {
    this.app = app;
    this.writer = writer;
  }

  /**
   * Reports an execution.
   *
   * @param event the command it follows from
   */
  void report(Execution execution, EventContext event) throws InterruptedException {
    Order command = execution.command();
    OutcomeStatus status = OutcomeStatus.valueOf(execution.state().name());
    Instant finishedAt = execution.finishedAt();
    RemediationOutcome outcome =
        RemediationOutcome.newBuilder()
            .setCommandId(command.id())
            .setProject(command.project())
            .setAction(command.action())
            .setStatus(status)
            .setReason(execution.reason())
            .setAnomalyId(command.anomalyId())
            .setHook(execution.hook())
            .setExitCode(execution.exitCode())
            .setOutput(execution.output())
            .setDurationMs(durationMs(execution.startedAt(), finishedAt))
            .setOccurredAt(finishedAt == null ? execution.startedAt() : finishedAt)
            .build();
    writer.write(
        outcome,
        event.derive(
            app, "outcome/" + command.id() + "/" + status.name().toLowerCase(Locale.ROOT)));
  }

  private static @Nullable Long durationMs(Instant startedAt, @Nullable Instant finishedAt) {
    return finishedAt == null ? null : Duration.between(startedAt, finishedAt).toMillis();
  }
}
