package dev.millrace.health;

import static dev.millrace.health.HealthDriver.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.remediation.Decision;
import dev.millrace.schemas.remediation.OutcomeStatus;
import dev.millrace.schemas.remediation.RemediationAnalysis;
import dev.millrace.schemas.remediation.RemediationApproval;
import dev.millrace.schemas.remediation.RemediationCommand;
import dev.millrace.schemas.remediation.RemediationEscalation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From anomalies to commands, escalations and what people decide of them. */
class RemedyTest {

  private final HealthDriver health = new HealthDriver();

  @AfterEach
  void close() {
    health.close();
  }

  @Test
  void anActionUnderWayIsNotCommandedAgain() {
    health.anomaly("a-1", "high_memory");
    health.anomaly("a-2", "high_memory");

    assertThat(health.read(Topics.REMEDIATION_COMMANDS)).hasSize(1);
    RemediationAnalysis second = health.read(Topics.REMEDIATION_ANALYSES).getLast();
    assertThat(second.getDecision()).isEqualTo(Decision.SUPPRESS);
    assertThat(second.getReasoning()).contains("already under way");
  }

  @Test
  void anActionIsCommandedAgainWhenItsCooldownIsOver() {
    health.anomaly("a-1", "high_memory");
    health.outcome(health.only(Topics.REMEDIATION_COMMANDS), OutcomeStatus.SUCCEEDED);
    health.anomaly("a-2", "high_memory");
    assertThat(health.read(Topics.REMEDIATION_COMMANDS)).isEmpty();

    health.pass(Duration.ofSeconds(61));
    health.anomaly("a-3", "high_memory");

    assertThat(health.read(Topics.REMEDIATION_COMMANDS)).hasSize(1);
  }

  @Test
  void repairsThatDoNotHelpMakeItAskAPerson() {
    failRestartsUntilEscalation();

    RemediationEscalation escalation = health.only(Topics.REMEDIATION_ESCALATIONS);
    assertThat(escalation.getProposedAction()).isEqualTo("restart_service");
    assertThat(escalation.getConfidence()).isLessThanOrEqualTo(0.7);
    assertThat(health.read(Topics.REMEDIATION_ANALYSES).getLast().getReasoning())
        .contains("did not help");
  }

  @Test
  void anAnomalyOfAnUnknownKindIsForAPersonOnce() {
    health.anomaly("a-1", "strange");
    health.anomaly("a-2", "strange");

    assertThat(health.read(Topics.REMEDIATION_ESCALATIONS)).hasSize(1);
    assertThat(health.read(Topics.REMEDIATION_COMMANDS)).isEmpty();
  }

  @Test
  void anApprovedEscalationIsExecutedInTheTraceOfItsAnomaly() {
    TraceContext anomalyTrace = health.trace();
    failRestartsUntilEscalation();
    RemediationEscalation escalation = health.only(Topics.REMEDIATION_ESCALATIONS);
    health.read(Topics.REMEDIATION_COMMANDS);
    health.continueIn(TraceContext.start());

    health.approve(escalation, "p-1", true);

    TestRecord<String, RemediationCommand> command = health.record(Topics.REMEDIATION_COMMANDS);
    assertThat(command.value().getAction()).isEqualTo("restart_service");
    assertThat(command.value().getRequestedBy()).isEqualTo("operator");
    assertThat(
            new String(
                command.headers().lastHeader(EventHeaders.TRACEPARENT).value(),
                StandardCharsets.UTF_8))
        .contains(anomalyTrace.traceId());
  }

  @Test
  void aRefusedEscalationIsNotExecuted() {
    health.anomaly("a-1", "strange");

    health.approve(health.only(Topics.REMEDIATION_ESCALATIONS), "p-1", false);

    assertThat(health.read(Topics.REMEDIATION_COMMANDS)).isEmpty();
  }

  @Test
  void aDecisionThatComesTooLateIsRefused() {
    failRestartsUntilEscalation();
    RemediationEscalation escalation = health.only(Topics.REMEDIATION_ESCALATIONS);
    health.pass(Duration.ofHours(2));

    assertRefused(() -> health.approve(escalation, "p-1", true), "escalation_id");
  }

  @Test
  void anAnomalyThatComesTwiceIsAnalysedOnce() {
    health.anomaly("a-1", "high_memory");
    health.anomaly("a-1", "high_memory");

    assertThat(health.read(Topics.REMEDIATION_ANALYSES)).hasSize(1);
  }

  @Test
  void textsThatAStateCouldNotHoldAreRefused() {
    String tooLong = "x".repeat(257);
    health.anomaly("a-1", "strange");
    RemediationEscalation escalation = health.only(Topics.REMEDIATION_ESCALATIONS);

    assertRefused(() -> health.anomaly(tooLong, "down"), "anomaly_id");
    assertRefused(
        () -> health.send(Topics.HEALTH_ANOMALIES, anomaly().setMetric(tooLong).build()), "metric");
    assertRefused(() -> health.approve(escalation, tooLong, true), "approval_id");
    assertRefused(
        () ->
            health.send(
                Topics.REMEDIATION_APPROVALS, approval(escalation).setAction(tooLong).build()),
        "action");
    assertRefused(
        () ->
            health.send(
                Topics.REMEDIATION_APPROVALS, approval(escalation).setDecidedBy(tooLong).build()),
        "decided_by");
    assertRefused(
        () -> health.outcome(command(tooLong, "clear_cache"), OutcomeStatus.FAILED), "command_id");
    assertRefused(() -> health.outcome(command("c-1", tooLong), OutcomeStatus.FAILED), "action");
  }

  private static HealthAnomaly.Builder anomaly() {
    return HealthAnomaly.newBuilder()
        .setAnomalyId("a-2")
        .setProject("email-blast")
        .setType("high_memory");
  }

  private static RemediationApproval.Builder approval(RemediationEscalation escalation) {
    return RemediationApproval.newBuilder()
        .setApprovalId("p-1")
        .setEscalationId(escalation.getEscalationId())
        .setProject("email-blast")
        .setApproved(true)
        .setDecidedBy("operator");
  }

  private static RemediationCommand command(String id, String action) {
    return RemediationCommand.newBuilder()
        .setCommandId(id)
        .setProject("email-blast")
        .setAction(action)
        .build();
  }

  private void failRestartsUntilEscalation() {
    for (int i = 0; i < 3; i++) {
      health.anomaly("down-" + i, "down");
      List<RemediationCommand> commands = health.read(Topics.REMEDIATION_COMMANDS);
      commands.forEach(command -> health.outcome(command, OutcomeStatus.FAILED));
      health.pass(Duration.ofSeconds(61));
    }
  }
}
