package dev.millrace.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.health.remedy.RuleAnalyzer;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.remediation.Decision;
import dev.millrace.schemas.remediation.OutcomeStatus;
import dev.millrace.schemas.remediation.RemediationAnalysis;
import dev.millrace.schemas.remediation.RemediationAnalysisRequest;
import dev.millrace.schemas.remediation.RemediationApproval;
import dev.millrace.schemas.remediation.RemediationDiagnosis;
import dev.millrace.schemas.remediation.RemediationEscalation;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From anomalies to questions, and from diagnoses to decisions. */
class ConsultationTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final Map<String, String> WITH_MODEL =
      Map.of("HEALTH_ANALYZER", "anthropic", "HEALTH_ANALYZER_TIMEOUT", TIMEOUT.toSeconds() + "s");

  private final HealthDriver health = new HealthDriver(WITH_MODEL);

  @AfterEach
  void close() {
    health.close();
  }

  @Test
  void anAnomalyIsGivenToTheModelWithWhatIsKnownOfItsProject() {
    // given
    health.probe(true, 200, 20);
    health.probe(true, 200, 1_500);
    health.metric("memory", 81);
    health.metric("memory", 88);
    health.metric("queue_length", 7);
    health.anomaly("a-1", "strange");
    health.send(
        Topics.REMEDIATION_DIAGNOSES,
        diagnosis(request()).setAction("restart_service").setConfidence(0.3).build());
    health.send(
        Topics.REMEDIATION_APPROVALS,
        RemediationApproval.newBuilder()
            .setApprovalId("p-1")
            .setEscalationId(health.only(Topics.REMEDIATION_ESCALATIONS).getEscalationId())
            .setProject("email-blast")
            .setApproved(true)
            .setAction("clear_cache")
            .setDecidedBy("operator")
            .setComment("it leaks")
            .build());
    health.outcome(health.only(Topics.REMEDIATION_COMMANDS), OutcomeStatus.FAILED);
    health.read(Topics.REMEDIATION_ANALYSES);

    // when
    health.anomaly("a-2", "high_memory");

    // then
    RemediationAnalysisRequest request = request();
    assertThat(request.getAnomalyId()).isEqualTo("a-2");
    assertThat(request.getActions())
        .containsExactly("restart_service", "clear_cache", "pause_service");
    assertThat(request.getAnswerBy()).isEqualTo(health.now().plus(TIMEOUT));
    assertThat(request.getSituation())
        .contains("\"type\":\"high_memory\"")
        .contains("\"status\":\"HEALTHY\"", "[\"GOOD\",\"SLOW\"]")
        .contains("memory_percent{}", "\"value\":81.0", "\"value\":88.0", "queue_length{}")
        .contains("\"action\":\"clear_cache\",\"result\":\"FAILED\"")
        .contains("\"approved\":true,\"action_instead\":\"clear_cache\",\"comment\":\"it leaks\"")
        .doesNotContain("operator");
    assertThat(health.read(Topics.REMEDIATION_ANALYSES)).isEmpty();
  }

  @Test
  void aSureDiagnosisIsExecutedWithItsReasoning() {
    health.anomaly("a-1", "high_memory");

    health.send(Topics.REMEDIATION_DIAGNOSES, diagnosis(request()).build());

    RemediationAnalysis analysis = health.only(Topics.REMEDIATION_ANALYSES);
    assertThat(analysis.getDecision()).isEqualTo(Decision.EXECUTE);
    assertThat(analysis.getAnomalyId()).isEqualTo("a-1");
    assertThat(analysis.getAnalyzer()).isEqualTo("model:scribe");
    assertThat(analysis.getConfidence()).isEqualTo(0.9);
    assertThat(analysis.getReasoning()).startsWith("It only grows.");
    assertThat(health.only(Topics.REMEDIATION_COMMANDS).getAction()).isEqualTo("clear_cache");
  }

  @Test
  void anUnsureDiagnosisIsForAPerson() {
    health.anomaly("a-1", "high_memory");

    health.send(Topics.REMEDIATION_DIAGNOSES, diagnosis(request()).setConfidence(0.7).build());

    RemediationEscalation escalation = health.only(Topics.REMEDIATION_ESCALATIONS);
    assertThat(escalation.getProposedAction()).isEqualTo("clear_cache");
    assertThat(health.only(Topics.REMEDIATION_ANALYSES).getDecision()).isEqualTo(Decision.ESCALATE);
    assertThat(health.read(Topics.REMEDIATION_COMMANDS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.9, SUPPRESS", "0.5, ESCALATE"})
  void whetherNothingIsToBeDoneIsAskedAPersonUnlessTheModelIsSure(
      double confidence, Decision decision) {
    health.anomaly("a-1", "high_memory");

    health.send(
        Topics.REMEDIATION_DIAGNOSES,
        diagnosis(request()).setAction(null).setConfidence(confidence).build());

    assertThat(health.only(Topics.REMEDIATION_ANALYSES).getDecision()).isEqualTo(decision);
    assertThat(health.read(Topics.REMEDIATION_COMMANDS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "delete_everything, 0.99, told so, , an action that is not known",
    "clear_cache, 7, full, , confidence is not from 0 to 1",
    "clear_cache, NaN, full, , confidence is not from 0 to 1",
    "clear_cache, , full, , confidence is not from 0 to 1",
    "clear_cache, 0.9, ' ', , gives no reasons",
    "clear_cache, 0.9, , , gives no reasons",
    ", , , scribe answered 500, scribe answered 500"
  })
  void whereTheDiagnosisMayNotBeActedOnTheRulesDecideAndSaySo(
      String action, Double confidence, String reasoning, String failure, String why) {
    health.anomaly("a-1", "high_memory");

    health.send(
        Topics.REMEDIATION_DIAGNOSES,
        diagnosis(request())
            .setAction(action)
            .setConfidence(confidence)
            .setReasoning(reasoning)
            .setFailure(failure)
            .build());

    RemediationAnalysis analysis = health.only(Topics.REMEDIATION_ANALYSES);
    assertThat(analysis.getAnalyzer()).isEqualTo(RuleAnalyzer.NAME);
    assertThat(analysis.getReasoning())
        .startsWith("No diagnosis of a model: ")
        .contains(why, "The rules say: high_memory");
    assertThat(health.only(Topics.REMEDIATION_COMMANDS).getAction()).isEqualTo("clear_cache");
  }

  @Test
  void withoutADiagnosisInTimeTheRulesDecideAndSaySo() {
    health.anomaly("a-1", "high_memory");

    health.pass(TIMEOUT.plusSeconds(6));

    RemediationAnalysis analysis = health.only(Topics.REMEDIATION_ANALYSES);
    assertThat(analysis.getAnalyzer()).isEqualTo(RuleAnalyzer.NAME);
    assertThat(analysis.getReasoning())
        .startsWith("No diagnosis of a model: none came within 30 s. The rules say: high_memory");
    assertThat(analysis.getDecision()).isEqualTo(Decision.EXECUTE);
    assertThat(health.only(Topics.REMEDIATION_COMMANDS).getIssuedAt()).isEqualTo(health.now());
  }

  @Test
  void anAnalysisTellsNoMoreOfADiagnosisThanItCanHold() {
    health.anomaly("a-1", "high_memory");
    health.send(
        Topics.REMEDIATION_DIAGNOSES, diagnosis(request()).setReasoning("x".repeat(4_001)).build());
    health.anomaly("a-2", "strange");

    health.send(
        Topics.REMEDIATION_DIAGNOSES, diagnosis(request()).setFailure("x".repeat(5_000)).build());

    assertThat(health.read(Topics.REMEDIATION_ANALYSES))
        .extracting(RemediationAnalysis::getReasoning)
        .satisfiesExactly(
            tooLong -> assertThat(tooLong).contains("reasons have more than 4000 characters"),
            cut -> assertThat(cut).contains("xxx").hasSizeLessThan(2_000));
  }

  @Test
  void aDiagnosisThatComesTooLateChangesNothing() {
    health.anomaly("a-1", "high_memory");
    health.pass(TIMEOUT.plusSeconds(6));
    health.read(Topics.REMEDIATION_ANALYSES);

    health.send(
        Topics.REMEDIATION_DIAGNOSES, diagnosis(request()).setAction("restart_service").build());

    assertThat(health.read(Topics.REMEDIATION_ANALYSES)).isEmpty();
    assertThat(health.only(Topics.REMEDIATION_COMMANDS).getAction()).isEqualTo("clear_cache");
  }

  @Test
  void aDiagnosisThatComesTwiceIsDecidedOnOnce() {
    health.anomaly("a-1", "high_memory");
    RemediationDiagnosis diagnosis = diagnosis(request()).build();
    health.send(Topics.REMEDIATION_DIAGNOSES, diagnosis);

    health.send(Topics.REMEDIATION_DIAGNOSES, diagnosis);

    assertThat(health.read(Topics.REMEDIATION_ANALYSES)).hasSize(1);
    assertThat(health.read(Topics.REMEDIATION_COMMANDS)).hasSize(1);
  }

  @Test
  void anAnomalyThatComesTwiceIsAskedForOnce() {
    health.anomaly("a-1", "high_memory");

    health.anomaly("a-1", "high_memory");

    assertThat(health.read(Topics.REMEDIATION_ANALYSIS_REQUESTS)).hasSize(1);
  }

  @Test
  void anotherAnomalyOfTheKindDoesNotAskWhileTheModelThinks() {
    health.anomaly("a-1", "high_memory");

    health.anomaly("a-2", "high_memory");

    assertThat(request().getAnomalyId()).isEqualTo("a-1");
    RemediationAnalysis second = health.only(Topics.REMEDIATION_ANALYSES);
    assertThat(second.getAnomalyId()).isEqualTo("a-2");
    assertThat(second.getDecision()).isEqualTo(Decision.SUPPRESS);
    assertThat(second.getReasoning()).contains("an earlier one is being analysed");
  }

  @Test
  void anotherAnomalyOfTheKindDoesNotAskWhileAPersonThinks() {
    health.anomaly("a-1", "high_memory");
    health.send(Topics.REMEDIATION_DIAGNOSES, diagnosis(request()).setConfidence(0.2).build());
    health.read(Topics.REMEDIATION_ANALYSES);

    health.anomaly("a-2", "high_memory");

    assertThat(health.read(Topics.REMEDIATION_ANALYSIS_REQUESTS)).isEmpty();
    assertThat(health.only(Topics.REMEDIATION_ANALYSES).getReasoning())
        .contains("a person was asked already");
  }

  @Test
  void anActionThatCoolsDownIsNotCommandedForAModelEither() {
    health.anomaly("a-1", "high_memory");
    health.send(Topics.REMEDIATION_DIAGNOSES, diagnosis(request()).build());
    health.outcome(health.only(Topics.REMEDIATION_COMMANDS), OutcomeStatus.SUCCEEDED);
    health.anomaly("a-2", "high_memory");

    health.send(Topics.REMEDIATION_DIAGNOSES, diagnosis(request()).build());

    assertThat(health.read(Topics.REMEDIATION_COMMANDS)).isEmpty();
    assertThat(health.read(Topics.REMEDIATION_ANALYSES).getLast().getDecision())
        .isEqualTo(Decision.SUPPRESS);
  }

  @Test
  void aReplayAsksNoModelAndTakesTheDiagnosisThatIsOnRecord() {
    health.replay("replay-1");
    health.anomaly("a-1", "high_memory");

    health.send(
        Topics.REMEDIATION_DIAGNOSES,
        diagnosis("a-1", new EventId("event-0").derive("analysis-request").value())
            .setAction("pause_service")
            .build());

    assertThat(health.read(Topics.REMEDIATION_ANALYSIS_REQUESTS)).isEmpty();
    RemediationAnalysis analysis = health.only(Topics.REMEDIATION_ANALYSES);
    assertThat(analysis.getAction()).isEqualTo("pause_service");
    assertThat(analysis.getAnalyzer()).isEqualTo("model:scribe");
  }

  @Test
  void aReplayWithoutADiagnosisOnRecordIsDecidedByTheRules() {
    health.replay("replay-1");
    health.anomaly("a-1", "high_memory");

    health.pass(Duration.ofSeconds(11));

    assertThat(health.read(Topics.REMEDIATION_ANALYSIS_REQUESTS)).isEmpty();
    assertThat(health.only(Topics.REMEDIATION_ANALYSES).getReasoning())
        .startsWith("No diagnosis of a model: a replay calls no model");
  }

  @Test
  void aReplayThatMayCallModelsAsks() {
    health.replay("replay-1;effects=model-calls");

    health.anomaly("a-1", "high_memory");

    assertThat(request().getAnomalyId()).isEqualTo("a-1");
  }

  private RemediationAnalysisRequest request() {
    return health.only(Topics.REMEDIATION_ANALYSIS_REQUESTS);
  }

  private RemediationDiagnosis.Builder diagnosis(RemediationAnalysisRequest request) {
    return diagnosis(request.getAnomalyId(), request.getRequestId());
  }

  /** Sure that the cache is to be cleared. */
  private RemediationDiagnosis.Builder diagnosis(String anomaly, String request) {
    return RemediationDiagnosis.newBuilder()
        .setRequestId(request)
        .setAnomalyId(anomaly)
        .setProject("email-blast")
        .setAction("clear_cache")
        .setConfidence(0.9)
        .setReasoning("It only grows.")
        .setAnalyzer("model:scribe")
        .setDiagnosedAt(health.now());
  }
}
