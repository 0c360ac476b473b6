package dev.millrace.health.remedy;

import dev.millrace.health.flow.Moment;
import dev.millrace.health.flow.Output;
import dev.millrace.health.flow.Transition;
import dev.millrace.runtime.streams.InvalidEventException;
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
      RemediationState state, RemediationAnalysis analysis, Output analysed, Moment moment) {
    RemediationCommand command =
        RemediationCommand.newBuilder()
            .setCommandId(moment.derive("command"))
            .setProject(analysis.getProject())
            .setAction(analysis.getAction())
            .setAnalysisId(analysis.getAnalysisId())
            .setAnomalyId(analysis.getAnomalyId())
            .setConfidence(analysis.getConfidence())
            .setRequestedBy(app)
            .setIssuedAt(moment.at())
            .setExpiresAt(moment.at().plus(rules.commandLifetime()))
            .build();
    return new Transition<>(
        running(state, command, moment),
        List.of(analysed, output(command, moment.event(), moment)));
  }

  Transition<RemediationState> approve(
      RemediationState state, RemediationApproval approval, Moment moment) {
    OpenEscalation escalation =
        state
            .escalation(approval.getEscalationId())
            .orElseThrow(() ->
                new InvalidEventException("escalation_id: expected one that waits for a decision"));
    if (!moment.at().isBefore(escalation.expiresAt())) {
      throw new InvalidEventException(
          "escalation_id: the time to decide was over at " + escalation.expiresAt());
    }
    RemediationState decided = state.deciding(escalation, answer(approval, escalation, moment));
    if (!approval.getApproved()) {
      return Transition.to(decided);
    }
    RemediationCommand command = command(approval, escalation, moment);
    return new Transition<>(
        running(decided, command, moment),
        List.of(output(command, inTraceOf(escalation, moment), moment)));
  }

  private static PastAnswer answer(
      RemediationApproval approval, OpenEscalation escalation, Moment moment) {
    return new PastAnswer(
        escalation.anomalyType(),
        escalation.action(),
        approval.getApproved(),
        approval.getAction(),
        approval.getComment(),
        moment.at());
  }

  private RemediationCommand command(
      RemediationApproval approval, OpenEscalation escalation, Moment moment) {
    String action = approval.getAction() == null ? escalation.action() : approval.getAction();
    if (action == null || action.isBlank()) {
      throw new InvalidEventException("action: expected one, as none was proposed");
    }
    return RemediationCommand.newBuilder()
        .setCommandId(moment.derive("command"))
        .setProject(approval.getProject())
        .setAction(action)
        .setAnalysisId(escalation.analysisId())
        .setAnomalyId(escalation.anomalyId())
        .setConfidence(escalation.confidence())
        .setRequestedBy(approval.getDecidedBy())
        .setIssuedAt(moment.at())
        .setExpiresAt(moment.at().plus(rules.commandLifetime()))
        .build();
  }

  /** What a person decides belongs to the story of the anomaly. */
  private static EventContext inTraceOf(OpenEscalation escalation, Moment moment) {
    EventContext event = moment.event();
    TraceContext trace = TraceContext.parse(escalation.traceparent()).orElse(event.trace());
    return new EventContext(event.id(), event.source(), event.time(), trace, event.replayId());
  }

  private RemediationState running(
      RemediationState state, RemediationCommand command, Moment moment) {
    Repairs repairs =
        state
            .repairs(command.getAction())
            .running(command.getCommandId(), moment.at().plus(rules.runningLimit()));
    return state.with(command.getAction(), repairs);
  }

  private static Output output(RemediationCommand command, EventContext cause, Moment moment) {
    return new Output(Topics.REMEDIATION_COMMANDS, command, cause, "command", moment.at());
  }
}
