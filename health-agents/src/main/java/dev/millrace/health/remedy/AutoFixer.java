package dev.millrace.health.remedy;

import dev.millrace.health.flow.EventMetadata;
import dev.millrace.health.flow.Output;
import dev.millrace.health.flow.ProjectAgent;
import dev.millrace.health.flow.Transition;
import dev.millrace.health.remedy.Analysis.Proposal;
import dev.millrace.health.remedy.Consultation.Judged;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.remediation.Decision;
import dev.millrace.schemas.remediation.RemediationAnalysis;
import dev.millrace.schemas.remediation.RemediationApproval;
import dev.millrace.schemas.remediation.RemediationDiagnosis;
import dev.millrace.schemas.remediation.RemediationEscalation;
import dev.millrace.schemas.remediation.RemediationOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to do about anomalies: has each analysed, commands the action when the analysis is
 * sure enough and the action is not under way already, asks a person otherwise, and learns from
 * what became of its commands.
 *
 * <p>The rules analyse at once. A model takes its time: the anomaly is then pending until its
 * diagnosis comes; when there is none, or none that may be acted on, the rules decide and say so.
 */
public final class AutoFixer implements ProjectAgent<RemediationState> {

  /** Analyzer of an anomaly that needed no analysis of its own. */
  private static final String NOBODY = "none";

  private final RemedyRules rules;
  private final Analyzer analyzer;
  private final @Nullable Consultation consultation;
  private final Commands commands;

  /**
   * @param app name of the app, as who decides
   * @param analyzer the rules
   * @param consultation asks a model before, if there is one
   */
  public AutoFixer(
      String app, RemedyRules rules, Analyzer analyzer, @Nullable Consultation consultation) {
    this.rules = rules;
    this.analyzer = analyzer;
    this.consultation = consultation;
    this.commands = new Commands(app, rules);
  }

  @Override
  public RemediationState initial() {
    return RemediationState.EMPTY;
  }

  @Override
  public Transition<RemediationState> apply(
      String project, RemediationState state, SpecificRecord event, EventMetadata metadata) {
    Admission.require(event);
    return switch (event) {
      case HealthAnomaly anomaly ->
          state.knows(anomaly.getAnomalyId())
              ? Transition.to(state)
              : anomaly(state.remembering(anomaly.getAnomalyId()), anomaly, metadata);
      case RemediationDiagnosis diagnosis ->
          state
              .pendingCase(diagnosis.getRequestId())
              .map(pending -> diagnosed(project, state, pending, diagnosis, metadata))
              .orElseGet(() -> Transition.to(state));
      case RemediationApproval approval ->
          state.knows(approval.getApprovalId())
              ? Transition.to(state)
              : commands.approve(state.remembering(approval.getApprovalId()), approval, metadata);
      case RemediationOutcome outcome -> Transition.to(outcome(state, outcome, metadata.at()));
      default -> throw new IllegalStateException("no source carries " + event.getSchema());
    };
  }

  private Transition<RemediationState> anomaly(
      RemediationState state, HealthAnomaly anomaly, EventMetadata metadata) {
    return consultation == null
        ? decide(state, anomaly, rules(state, anomaly, metadata.at()), metadata)
        : consult(consultation, state, anomaly, metadata);
  }

  /** The model is not asked twice about one thing: neither while it thinks, nor a person does. */
  private Transition<RemediationState> consult(
      Consultation asked, RemediationState state, HealthAnomaly anomaly, EventMetadata metadata) {
    if (state.awaitsDiagnosisOf(anomaly.getType())) {
      return decide(state, anomaly, notAnalysed("an earlier one is being analysed"), metadata);
    }
    if (state.awaitsDecisionOn(anomaly.getType(), metadata.at())) {
      return decide(state, anomaly, notAnalysed("a person was asked already"), metadata);
    }
    if (!state.hasRoomForPending()) {
      return decide(
          state,
          anomaly,
          byRulesAs("too many wait for one", state, anomaly, metadata.at()),
          metadata);
    }
    PendingCase pending = asked.open(anomaly, metadata);
    return new Transition<>(
        state.opening(pending), asked.request(pending, anomaly, state, metadata).stream().toList());
  }

  private Transition<RemediationState> diagnosed(
      String project,
      RemediationState state,
      PendingCase pending,
      RemediationDiagnosis diagnosis,
      EventMetadata metadata) {
    HealthAnomaly anomaly = pending.anomalyOf(project);
    Analysis analysis =
        switch (Consultation.judge(diagnosis, rules.confidenceThreshold())) {
          case Judged.Sound(Analysis sound) -> sound;
          case Judged.Unsound(String why) -> byRulesAs(why, state, anomaly, metadata.at());
        };
    return decide(
        state.closing(pending),
        anomaly,
        analysis,
        pending.decidedAt(metadata.at(), metadata.receivedAt()));
  }

  /** Decides by the rules where no diagnosis came in time. */
  @Override
  public Transition<RemediationState> timePassed(
      String project, RemediationState state, EventMetadata metadata) {
    RemediationState now = state;
    List<Output> outputs = new ArrayList<>();
    for (PendingCase pending : state.pending()) {
      if (Consultation.isOver(pending, metadata.receivedAt())) {
        HealthAnomaly anomaly = pending.anomalyOf(project);
        Transition<RemediationState> decided =
            decide(
                now.closing(pending),
                anomaly,
                byRulesAs(pending.withoutDiagnosis(), now, anomaly, metadata.at()),
                pending.decidedAt(metadata.at(), metadata.receivedAt()));
        now = decided.state();
        outputs.addAll(decided.outputs());
      }
    }
    return new Transition<>(now, outputs);
  }

  private Analysis rules(RemediationState state, HealthAnomaly anomaly, Instant at) {
    return analyzer.analyze(new Finding(anomaly, state.past(), state.answers(), at));
  }

  private Analysis byRulesAs(
      String why, RemediationState state, HealthAnomaly anomaly, Instant at) {
    Analysis byRules = rules(state, anomaly, at);
    return new Analysis(
        byRules.proposal(),
        byRules.confidence(),
        "No diagnosis of a model: " + why + ". The rules say: " + byRules.reasoning(),
        byRules.analyzer());
  }

  private static Analysis notAnalysed(String why) {
    return new Analysis(new Proposal.Watch(), 0, "Not analysed: " + why + ".", NOBODY);
  }

  private Transition<RemediationState> decide(
      RemediationState state, HealthAnomaly anomaly, Analysis analysis, EventMetadata metadata) {
    Verdict verdict = verdict(state, anomaly, analysis, metadata.at());
    RemediationAnalysis event = analysisEvent(anomaly, analysis, verdict, metadata);
    Output analysed =
        new Output(Topics.REMEDIATION_ANALYSES, event, metadata.event(), "analysis", metadata.at());
    return switch (verdict.decision()) {
      case EXECUTE -> commands.execute(state, event, analysed, metadata);
      case ESCALATE -> escalate(state, event, verdict.why(), analysed, metadata);
      case SUPPRESS, UNKNOWN -> new Transition<>(state, List.of(analysed));
    };
  }

  /** What follows from an analysis, and why in words. */
  private record Verdict(Decision decision, @Nullable String action, String why) {}

  private Verdict verdict(
      RemediationState state, HealthAnomaly anomaly, Analysis analysis, Instant at) {
    boolean asked = state.awaitsDecisionOn(anomaly.getType(), at);
    return switch (analysis.proposal()) {
      case Proposal.Watch() -> new Verdict(Decision.SUPPRESS, null, "nothing is to be done");
      case Proposal.AskPerson() ->
          asked
              ? new Verdict(Decision.SUPPRESS, null, "a person was asked already")
              : new Verdict(Decision.ESCALATE, null, "nobody here knows what to do");
      case Proposal.Act(String action) -> {
        Optional<String> obstacle = state.repairs(action).obstacle(at);
        if (obstacle.isPresent()) {
          yield new Verdict(Decision.SUPPRESS, action, obstacle.get());
        }
        if (analysis.confidence() > rules.confidenceThreshold()) {
          yield new Verdict(Decision.EXECUTE, action, "sure enough");
        }
        yield asked
            ? new Verdict(Decision.SUPPRESS, action, "a person was asked already")
            : new Verdict(
                Decision.ESCALATE,
                action,
                "confidence %.2f is not above %.2f"
                    .formatted(analysis.confidence(), rules.confidenceThreshold()));
      }
    };
  }

  private RemediationAnalysis analysisEvent(
      HealthAnomaly anomaly, Analysis analysis, Verdict verdict, EventMetadata metadata) {
    return RemediationAnalysis.newBuilder()
        .setAnalysisId(metadata.derive("analysis"))
        .setAnomalyId(anomaly.getAnomalyId())
        .setProject(anomaly.getProject())
        .setAnomalyType(anomaly.getType())
        .setAction(verdict.action())
        .setConfidence(analysis.confidence())
        .setReasoning(analysis.reasoning() + " Decision: " + verdict.why() + ".")
        .setAnalyzer(analysis.analyzer())
        .setDecision(verdict.decision())
        .setConfidenceThreshold(rules.confidenceThreshold())
        .setAnalyzedAt(metadata.at())
        .build();
  }

  private Transition<RemediationState> escalate(
      RemediationState state,
      RemediationAnalysis analysis,
      String why,
      Output analysed,
      EventMetadata metadata) {
    OpenEscalation open =
        new OpenEscalation(
            metadata.derive("escalation"),
            analysis.getAnomalyId(),
            analysis.getAnalysisId(),
            analysis.getAnomalyType(),
            analysis.getAction(),
            analysis.getConfidence(),
            metadata.event().trace().traceparent(),
            metadata.at().plus(rules.escalationLifetime()));
    RemediationEscalation event =
        RemediationEscalation.newBuilder()
            .setEscalationId(open.id())
            .setProject(analysis.getProject())
            .setAnomalyId(open.anomalyId())
            .setAnalysisId(open.analysisId())
            .setAnomalyType(open.anomalyType())
            .setProposedAction(open.action())
            .setConfidence(open.confidence())
            .setReason(why)
            .setRaisedAt(metadata.at())
            .setExpiresAt(open.expiresAt())
            .build();
    return new Transition<>(
        state.escalating(open),
        List.of(
            analysed,
            new Output(
                Topics.REMEDIATION_ESCALATIONS,
                event,
                metadata.event(),
                "escalation",
                metadata.at())));
  }

  private RemediationState outcome(RemediationState state, RemediationOutcome outcome, Instant at) {
    Repairs known = state.repairs(outcome.getAction());
    if (known.knowsEndOf(outcome.getCommandId())) {
      return state;
    }
    Repairs updated =
        switch (outcome.getStatus()) {
          case STARTED -> known.running(outcome.getCommandId(), at.plus(rules.runningLimit()));
          case SUCCEEDED -> known.ended(ended(outcome, PastRepair.Result.SUCCEEDED, at), cool(at));
          case FAILED -> known.ended(ended(outcome, PastRepair.Result.FAILED, at), cool(at));
          case SKIPPED -> known.ended(ended(outcome, PastRepair.Result.SKIPPED, at), null);
          case UNKNOWN -> known;
        };
    return state.with(outcome.getAction(), updated);
  }

  private Instant cool(Instant at) {
    return at.plus(rules.cooldown());
  }

  private static PastRepair ended(
      RemediationOutcome outcome, PastRepair.Result result, Instant at) {
    return new PastRepair(outcome.getCommandId(), result, at);
  }
}
