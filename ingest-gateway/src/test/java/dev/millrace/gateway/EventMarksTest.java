package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.platform.PlatformEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class EventMarksTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @Test
  void anEventIsCreatedAndMarked() {
    Answer created =
        gateway.postWithKey(
            "/api/events", "{\"eventType\": \"deploy.requested\", \"source\": \"desk\"}");
    gateway.rows.set(
        List.of(
            Json.object()
                .put("event_id", created.json().get("event_id").asString())
                .put("processed", false)));

    Answer marked = gateway.postWithKey("/api/events/1/processed", "");

    assertThat(created.status()).isEqualTo(201);
    assertThat(marked.json().get("processed").booleanValue()).isTrue();
    assertThat(gateway.sink.values(Topics.PLATFORM_EVENTS))
        .extracting(PlatformEvent::getEventType)
        .containsExactly("deploy.requested", "event_processed");
  }

  @Test
  void anEventCreatedAMomentAgoIsWaitedForUntilItIsMirrored() {
    gateway.sink.react(written -> {
      if (written.value() instanceof PlatformEvent event) {
        List<ObjectNode> mirrored =
            List.of(Json.object().put("event_id", event.getEventId()).put("processed", false));
        CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS)
            .execute(() -> gateway.rows.set(mirrored));
      }
    });
    String id =
        gateway
            .postWithKey(
                "/api/events", "{\"eventType\": \"deploy.requested\", \"source\": \"desk\"}")
            .json()
            .get("event_id")
            .asString();

    Answer found = gateway.getWithKey("/api/events/" + id);

    assertThat(found.status()).isEqualTo(200);
    assertThat(gateway.postWithKey("/api/events/" + id + "/processed", "").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "task_created",
        "commit",
        "github_push",
        "event_processed",
        "agent_finished",
        "document_indexed",
        "remediation_approved"
      })
  void whatTheAppsHereTellNobodyElseCanTell(String type) {
    String body = "{\"eventType\": \"%s\", \"source\": \"desk\"}".formatted(type);

    Answer ofClient = gateway.postWithKey("/api/events", body);
    Answer ofPlatform =
        gateway.post("/api/javari-events", body, "X-API-Key", GatewayFixture.PLATFORM_KEY);

    assertThat(List.of(ofClient.status(), ofPlatform.status())).containsExactly(400, 400);
    assertThat(ofClient.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(ofPlatform.fields()).containsExactly("/eventType");
    assertThat(gateway.sink.values(Topics.PLATFORM_EVENTS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"document_archived", "task_force_met", "agent.called", "commitment"})
  void aNameThatOnlyLooksLikeOneOfTheAppsIsFree(String type) {
    String body = "{\"eventType\": \"%s\", \"source\": \"desk\"}".formatted(type);

    Answer answer =
        gateway.post("/api/javari-events", body, "X-API-Key", GatewayFixture.PLATFORM_KEY);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void onlyWhatClientsCreateIsToBeProcessed() {
    String body = "{\"eventType\": \"deploy.requested\", \"source\": \"desk\"}";

    gateway.postWithKey("/api/events", body);
    gateway.post("/api/javari-events", body, "X-API-Key", GatewayFixture.PLATFORM_KEY);

    assertThat(gateway.sink.values(Topics.PLATFORM_EVENTS))
        .extracting(PlatformEvent::getToProcess)
        .containsExactly(true, false);
  }

  @Test
  void anEventThatWasNotCreatedHereIsNotWaitedFor() {
    Answer answer = gateway.postWithKey("/api/events/nobodys/processed", "");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(gateway.bound).as("questions to the read model").hasSize(1);
  }
}
