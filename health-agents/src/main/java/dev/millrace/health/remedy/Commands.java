package dev.millrace.health.remedy;

import dev.millrace.health.flow.EventMetadata;
import dev.millrace.health.flow.Output;
import dev.millrace.health.flow.Transition;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.remediation.RemediationAnalysis;
import dev.millrace.schemas.remediation.RemediationApproval;
import dev.millrace.schemas.remediation.RemediationCommand;
import java.util.List;

/** Commands actions: those an analysis is sure of, and those a person approved. */
final class Commands {

  private final String app;
  private final RemedyRules rules;

  Commands(String app, RemedyRules rules) {
    this.app = app;
    this.rules = rules;
  }

  Transition<RemediationState> execute(
      RemediationState state,
      RemediationAnalysis analysis,
      Output analysed,
      EventMetadata metadata) {
    RemediationCommand command =
        RemediationCommand.newBuilder()
            .setCommandId(metadata.derive("command"))
            .setProject(analysis.getProject())
            .setAction(analysis.getAction())
            .setAnalysisId(analysis.getAnalysisId())
            .setAnomalyId(analysis.getAnomalyId())
            .setConfidence(analysis.getConfidence())
            .setRequestedBy(app)
            .setIssuedAt(metadata.at())
            .setExpiresAt(metadata.at().plus(rules.commandLifetime()))
            .build();
    return new Transition<>(
        running(state, command, metadata),
        List.of(analysed, output(command, metadata.event(), metadata)));
  }

  Transition<RemediationState> approve(
      RemediationState state, RemediationApproval approval, EventMetadata metadata) {
    OpenEscalation escalation =
        state
            .escalation(approval.getEscalationId())
            .orElseThrow(() ->
                new InvalidEventException("escalation_id: expected one that waits for a decision"));
    if (!metadata.at().isBefore(escalation.expiresAt())) {
      throw new InvalidEventException(
          "escalation_id: the time to decide was over at " + escalation.expiresAt());
    }
    RemediationState decided = state.deciding(escalation, answer(approval, escalation, metadata));
    if (!approval.getApproved()) {
      return Transition.to(decided);
    }
    RemediationCommand command = command(approval, escalation, metadata);
    return new Transition<>(
        running(decided, command, metadata),
        List.of(output(command, inTraceOf(escalation, metadata), metadata)));
  }

  private static PastAnswer answer(
      RemediationApproval approval, OpenEscalation escalation, EventMetadata metadata) {
    return new PastAnswer(
        escalation.anomalyType(),
        escalation.action(),
        approval.getApproved(),
        approval.getAction(),
        approval.getComment(),
        metadata.at());
  }

  private RemediationCommand command(
      RemediationApproval approval, OpenEscalation escalation, EventMetadata metadata) {
    String action = approval.getAction() == null ? escalation.action() : approval.getAction();
    if (action == null || action.isBlank()) {
      throw new InvalidEventException("action: expected one, as none was proposed");
    }
    return RemediationCommand.newBuilder()
        .setCommandId(metadata.derive("command"))
        .setProject(approval.getProject())
        .setAction(action)
        .setAnalysisId(escalation.analysisId())
        .setAnomalyId(escalation.anomalyId())
        .setConfidence(escalation.confidence())
        .setRequestedBy(approval.getDecidedBy())
        .setIssuedAt(metadata.at())
        .setExpiresAt(metadata.at().plus(rules.commandLifetime()))
        .build();
  }

  /** What a person decides belongs to the story of the anomaly. */
  private static EventContext inTraceOf(OpenEscalation escalation, EventMetadata metadata) {
    EventContext event = metadata.event();
    TraceContext trace = TraceContext.parse(escalation.traceparent()).orElse(event.trace());
    return new EventContext(event.id(), event.source(), event.time(), trace, event.replayId());
  }

  private RemediationState running(
      RemediationState state, RemediationCommand command, EventMetadata metadata) {
    Repairs repairs =
        state
            .repairs(command.getAction())
            .running(command.getCommandId(), metadata.at().plus(rules.runningLimit()));
    return state.with(command.getAction(), repairs);
  }

  private static Output output(
      RemediationCommand command, EventContext cause, EventMetadata metadata) {
    return new Output(Topics.REMEDIATION_COMMANDS, command, cause, "command", metadata.at());
  }
}
