package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.remediation.RemediationApproval;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscalationRoutesTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  private void escalation(String status, @Nullable String proposed) {
    gateway.rows.set(
        List.of(
            Json.object()
                .put("escalation_id", "e-1")
                .put("project", "email-blast")
                .put("proposed_action", proposed)
                .put("raised_at", "2026-01-23T10:00:00Z")
                .put("status", status)));
  }

  @Test
  void whatPeopleAreAskedIsListed() {
    escalation("open", "restart_service");

    Answer answer = gateway.getWithKey("/api/escalations?status=open&project=email-blast");

    assertThat(answer.json().at("/escalations/0/escalation_id").asString()).isEqualTo("e-1");
    assertThat(gateway.getWithKey("/api/escalations?status=forgotten").fields())
        .containsExactly("status");
  }

  @Test
  void aYesIsForTheProposedActionUnlessItNamesAnother() {
    escalation("open", "restart_service");

    Answer yes = gateway.postWithKey("/api/escalations/e-1/approve", "");
    gateway.postWithKey(
        "/api/escalations/e-1/approve", "{\"action\": \"clear_cache\", \"reason\": \"gentler\"}");

    assertThat(yes.status()).isEqualTo(202);
    List<RemediationApproval> written = gateway.sink.values(Topics.REMEDIATION_APPROVALS);
    assertThat(written)
        .extracting(RemediationApproval::getAction)
        .containsExactly(null, "clear_cache");
    assertThat(written)
        .allSatisfy(decision -> {
          assertThat(decision.getApproved()).isTrue();
          assertThat(decision.getEscalationId()).isEqualTo("e-1");
          assertThat(decision.getDecidedBy()).isEqualTo("default");
        });
    assertThat(written.getLast().getComment()).isEqualTo("gentler");
    assertThat(gateway.sink.on(Topics.REMEDIATION_APPROVALS).getFirst().key())
        .isEqualTo("email-blast");
  }

  @Test
  void aNoIsOnRecord() {
    escalation("open", "restart_service");

    gateway.postWithKey("/api/escalations/e-1/reject", "{\"reason\": \"it is maintenance\"}");

    assertThat(gateway.sink.<RemediationApproval>values(Topics.REMEDIATION_APPROVALS))
        .singleElement()
        .satisfies(decision -> assertThat(decision.getApproved()).isFalse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"approved", "rejected", "expired"})
  void whatIsDecidedOrTooLateIsRefused(String status) {
    escalation(status, "restart_service");

    Answer answer = gateway.postWithKey("/api/escalations/e-1/approve", "");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().get("detail").asString()).contains(status);
    assertThat(gateway.sink.on(Topics.REMEDIATION_APPROVALS)).isEmpty();
  }

  @Test
  void aYesNeedsAnActionThatIsKnown() {
    escalation("open", null);

    assertThat(gateway.postWithKey("/api/escalations/e-1/approve", "").fields())
        .containsExactly("/action");
    assertThat(
            gateway
                .postWithKey("/api/escalations/e-1/approve", "{\"action\": \"reboot\"}")
                .fields())
        .containsExactly("/action");
    assertThat(
            gateway
                .postWithKey("/api/escalations/e-1/reject", "{\"action\": \"clear_cache\"}")
                .fields())
        .containsExactly("/action");
    assertThat(gateway.sink.on(Topics.REMEDIATION_APPROVALS)).isEmpty();
  }

  @Test
  void nobodysEscalationIsNotFound() {
    assertThat(gateway.postWithKey("/api/escalations/e-2/approve", "").status()).isEqualTo(404);
  }
}
