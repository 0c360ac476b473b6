package dev.millrace.health.remedy;

import dev.millrace.health.flow.EventMetadata;
import dev.millrace.health.flow.Output;
import dev.millrace.health.remedy.Analysis.Proposal;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.validation.EventFields;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.remediation.RemediationAnalysisRequest;
import dev.millrace.schemas.remediation.RemediationDiagnosis;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks a model what an anomaly means, by a request on a topic, and judges the diagnosis that comes
 * back. A diagnosis is a proposal of somebody outside: it is taken only if it is sound, whoever
 * wrote it.
 */
public final class Consultation {

  /** On top of the model's time: for the diagnosis to arrive. */
  private static final Duration ARRIVAL = Duration.ofSeconds(5);

  /** A replay that calls no model waits that long for the diagnosis that is on record. */
  private static final Duration ON_RECORD = Duration.ofSeconds(10);

  private static final int MAX_REASONING_LENGTH = 4_000;
  private static final int MAX_FAILURE_LENGTH = 1_000;

  private static final List<String> ACTIONS =
      Arrays.stream(KnownAction.values()).map(KnownAction::code).toList();

  private final Duration timeout;
  private final Vitals vitals;

  /**
   * @param timeout how long the model may take
   * @param vitals how projects are
   */
  public Consultation(Duration timeout, Vitals vitals) {
    this.timeout = timeout;
    this.vitals = vitals;
  }

  /** The case of an anomaly, open until its diagnosis comes or its time is over. */
  PendingCase open(HealthAnomaly anomaly, EventMetadata metadata) {
    boolean asked = metadata.event().allows(Effect.MODEL_CALLS);
    return PendingCase.of(
        metadata.derive("analysis-request"),
        anomaly,
        metadata.event(),
        metadata.receivedAt().plus(asked ? timeout.plus(ARRIVAL) : ON_RECORD),
        asked
            ? "none came within " + timeout.toSeconds() + " s"
            : "a replay calls no model, and none is on record");
  }

  /** The request for a diagnosis; none where a replay must not call the model. */
  Optional<Output> request(
      PendingCase pending, HealthAnomaly anomaly, RemediationState state, EventMetadata metadata) {
    if (!metadata.event().allows(Effect.MODEL_CALLS)) {
      return Optional.empty();
    }
    String project = anomaly.getProject();
    Situation situation =
        new Situation(
            anomaly, vitals.health(project), vitals.metrics(project), state, metadata.at());
    RemediationAnalysisRequest request =
        RemediationAnalysisRequest.newBuilder()
            .setRequestId(pending.requestId())
            .setAnomalyId(anomaly.getAnomalyId())
            .setProject(project)
            .setAnomalyType(anomaly.getType())
            .setSituation(situation.json())
            .setActions(ACTIONS)
            .setRequestedAt(metadata.receivedAt())
            .setAnswerBy(metadata.receivedAt().plus(timeout))
            .build();
    return Optional.of(
        new Output(
            Topics.REMEDIATION_ANALYSIS_REQUESTS,
            request,
            metadata.event(),
            "analysis-request",
            metadata.at()));
  }

  /** What a diagnosis says, or why it says nothing. */
  sealed interface Judged {

    /** This. */
    record Sound(Analysis analysis) implements Judged {}

    /** Nothing that may be acted on. */
    record Unsound(String why) implements Judged {}
  }

  /**
   * @param confidenceThreshold above which nothing is done without asking a person
   */
  static Judged judge(RemediationDiagnosis diagnosis, double confidenceThreshold) {
    String failure = diagnosis.getFailure();
    if (failure != null) {
      return new Judged.Unsound(Texts.shorten(failure, MAX_FAILURE_LENGTH));
    }
    Double confidence = diagnosis.getConfidence();
    String reasoning = diagnosis.getReasoning();
    String action = diagnosis.getAction();
    if (confidence == null || !(confidence >= 0 && confidence <= 1)) {
      return new Judged.Unsound("its confidence is not from 0 to 1");
    }
    if (reasoning == null || reasoning.isBlank()) {
      return new Judged.Unsound("it gives no reasons");
    }
    if (reasoning.length() > MAX_REASONING_LENGTH) {
      return new Judged.Unsound(
          "its reasons have more than %d characters".formatted(MAX_REASONING_LENGTH));
    }
    if (diagnosis.getAnalyzer().length() > EventFields.MAX_NAME_LENGTH) {
      return new Judged.Unsound(
          "the name of its model has more than %d characters"
              .formatted(EventFields.MAX_NAME_LENGTH));
    }
    if (action != null && !KnownAction.isKnown(action)) {
      return new Judged.Unsound("it proposes an action that is not known");
    }
    return new Judged.Sound(
        new Analysis(
            proposal(action, confidence > confidenceThreshold),
            confidence,
            reasoning,
            diagnosis.getAnalyzer()));
  }

  /** A model that is not sure that nothing is to be done does not know. */
  private static Proposal proposal(@Nullable String action, boolean sure) {
    if (action != null) {
      return new Proposal.Act(action);
    }
    return sure ? new Proposal.Watch() : new Proposal.AskPerson();
  }

  /** Whether the time of a case is over. */
  static boolean isOver(PendingCase pending, Instant now) {
    return !now.isBefore(pending.decideBy());
  }
}
