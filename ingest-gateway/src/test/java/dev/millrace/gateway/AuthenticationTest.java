package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.API_KEY;
import static dev.millrace.gateway.GatewayFixture.PLATFORM_KEY;
import static dev.millrace.gateway.GatewayFixture.bearer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.platform.PlatformEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {

  private static final String EVENT =
      """
      {"eventType": "blueprint_updated", "source": "updateKnowledge", "priority": "medium",
       "data": {"repository": "acme/docs", "file_path": "docs/test.md", "chunks_added": 5}}
      """;

  @RegisterExtension
  private final GatewayFixture gateway =
      GatewayFixture.start(Map.of("MILLRACE_API_KEYS", "ci=not-a-real-key-of-ci"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/tasks",
        "/api/tasks/1",
        "/api/events",
        "/api/events/stream",
        "/api/knowledge/search?q=x",
        "/api/health/projects"
      })
  void readingNeedsAKey(String path) {
    Answer answer = gateway.get(path);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/api/health", "/openapi", "/openapi.json", "/openapi/ui"})
  void someThingsAreForEverybody(String path) {
    assertThat(gateway.get(path).status()).isEqualTo(200);
  }

  @Test
  void aKeyMayComeInEitherHeader() {
    assertThat(gateway.get("/api/tasks", "X-API-Key", API_KEY).status()).isEqualTo(200);
    assertThat(gateway.get("/api/tasks", "Authorization", "Bearer " + API_KEY).status())
        .isEqualTo(200);
    assertThat(gateway.get("/api/tasks", "X-API-Key", "not-a-real-key-of-ci").status())
        .isEqualTo(200);
    assertThat(gateway.get("/api/tasks", "X-API-Key", "wrong").status()).isEqualTo(401);
  }

  @Test
  void aTokenNeedsTheScopeOfAnOperator() {
    assertThat(gateway.get("/api/tasks", "Authorization", bearer("ada", "operator")).status())
        .isEqualTo(200);
    assertThat(gateway.get("/api/tasks", "Authorization", bearer("ada")).status()).isEqualTo(403);
    assertThat(gateway.get("/api/tasks", "Authorization", bearer("ada", "stream")).status())
        .isEqualTo(403);
  }

  @Test
  void aPlatformEventNeedsThePlatformsOwnKey() {
    Answer answer = gateway.post("/api/javari-events", EVENT, "X-API-Key", PLATFORM_KEY);

    assertThat(answer.json().toString())
        .isEqualTo("{\"success\":true,\"eventType\":\"blueprint_updated\",\"processed\":true}");
    PlatformEvent event = gateway.sink.values(Topics.PLATFORM_EVENTS).getFirst();
    assertThat(event.getSource()).isEqualTo("updateKnowledge");
    assertThat(event.getData()).contains("\"chunks_added\":5");
    assertThat(gateway.postWithKey("/api/javari-events", EVENT).status()).isEqualTo(401);
  }

  @Test
  void anAnnouncementThatComesBackKeepsItsIdentityAndNoOtherEventBringsOne() {
    String id = "5b2c1d1e-6f5a-4f0e-9a53-0c1f5a6f7b10";
    String[] headers = {"X-API-Key", PLATFORM_KEY, "ce-id", id};

    gateway.post("/api/javari-events", EVENT, headers);
    gateway.post("/api/javari-events", EVENT.replace("updated", "removed"), headers);

    assertThat(gateway.sink.values(Topics.PLATFORM_EVENTS))
        .extracting(event -> event.getEventId().equals(id))
        .containsExactly(true, false);
  }

  @Test
  void aPlatformEventThatIsSentAgainUnderItsKeyIsRecordedOnce() {
    String[] headers = {"X-API-Key", PLATFORM_KEY, "Idempotency-Key", "event-1"};

    Answer first = gateway.post("/api/javari-events", EVENT, headers);
    Answer again = gateway.post("/api/javari-events", EVENT, headers);
    Answer other = gateway.post("/api/javari-events", EVENT.replace("updated", "removed"), headers);

    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(other.status()).isEqualTo(422);
    assertThat(gateway.sink.on(Topics.PLATFORM_EVENTS)).hasSize(1);
  }

  @Test
  void guessingKeysIsLimitedByAddress() {
    try (GatewayFixture limited =
        GatewayFixture.start(Map.of("RATE_LIMIT_FAILURES_PER_SECOND", "1"))) {
      limited.get("/api/tasks", "X-API-Key", "wrong-1");
      limited.get("/api/tasks", "X-API-Key", "wrong-2");

      assertThat(limited.get("/api/tasks", "X-API-Key", "wrong-3").status()).isEqualTo(429);
      assertThat(limited.getWithKey("/api/tasks").status()).isEqualTo(200);
    }
  }

  @Test
  void aClientIsLimited() {
    try (GatewayFixture limited =
        GatewayFixture.start(Map.of("RATE_LIMIT_PER_SECOND", "1", "RATE_LIMIT_BURST", "2"))) {
      limited.getWithKey("/api/tasks");
      limited.getWithKey("/api/tasks");

      Answer third = limited.getWithKey("/api/tasks");

      assertThat(third.status()).isEqualTo(429);
      assertThat(third.header("Retry-After")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MILLRACE_API_KEY",
        "MILLRACE_JWT_SECRET",
        "JAVARI_INTERNAL_API_KEY",
        "GITHUB_WEBHOOK_SECRET"
      })
  void withoutASecretTheGatewayDoesNotStart(String variable) {
    Environment environment = Environment.of(GatewayFixture.ENVIRONMENT).with(Map.of(variable, ""));

    assertThatThrownBy(() -> GatewayConfig.from(environment))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(variable);
  }

  @Test
  void aShortTokenSecretIsRefused() {
    Environment environment =
        Environment.of(GatewayFixture.ENVIRONMENT)
            .with(Map.of("MILLRACE_JWT_SECRET", "test-secret"));

    assertThatThrownBy(() -> GatewayConfig.from(environment))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("MILLRACE_JWT_SECRET")
        .hasMessageNotContaining("test-secret");
  }
}
