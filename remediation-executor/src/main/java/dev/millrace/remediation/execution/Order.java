package dev.millrace.remediation.execution;

import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.remediation.RemediationCommand;
import org.jspecify.annotations.Nullable;

/**
 * A command as it is recorded.
 *
 * @param id identity of the command
 * @param project project it is for
 * @param action what is to be done
 * @param anomalyId anomaly it answers
 * @param analysisId analysis it rests on
 * @param requestedBy who decided
 * @param confidence how sure the analysis was
 * @param traceId trace it is in
 */
public record Order(
    String id,
    String project,
    String action,
    @Nullable String anomalyId,
    @Nullable String analysisId,
    @Nullable String requestedBy,
    double confidence,
    String traceId) {

  static Order of(RemediationCommand command, EventContext event) {
    return new Order(
        command.getCommandId(),
        command.getProject(),
        command.getAction(),
        command.getAnomalyId(),
        command.getAnalysisId(),
        command.getRequestedBy(),
        command.getConfidence(),
        event.trace().traceId());
  }
}
