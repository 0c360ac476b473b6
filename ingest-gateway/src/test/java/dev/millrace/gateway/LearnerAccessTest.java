package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.JWT_SECRET;
import static dev.millrace.gateway.GatewayFixture.bearer;
import static dev.millrace.gateway.ScriptedPlanner.INTENT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningIntent;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may learn, and for whom. */
class LearnerAccessTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @BeforeEach
  void start() {
    new ScriptedPlanner(gateway);
  }

  @Test
  void anotherUsersIdInTheHeaderIsRefused() {
    Answer answer =
        gateway.post(
            "/orchestrator/intent.sync",
            INTENT,
            "Authorization",
            bearer("learner-1"),
            "X-User-ID",
            "learner-2");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(gateway.sink.on(Topics.LEARNING_INTENTS)).isEmpty();
  }

  @Test
  void theOwnIdInTheHeaderIsFine() {
    Answer answer =
        gateway.post(
            "/orchestrator/intent.sync",
            INTENT,
            "Authorization",
            bearer("learner-1"),
            "X-User-ID",
            "learner-1");

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void anApiKeyIsNoToken() {
    assertThat(gateway.postWithKey("/orchestrator/intent.sync", INTENT).status()).isEqualTo(401);
    assertThat(gateway.get("/orchestrator/status").status()).isEqualTo(401);
  }

  @Test
  void aLearnerIsLimited() {
    try (GatewayFixture limited =
        GatewayFixture.start(Map.of("RATE_LIMIT_LEARNER_PER_SECOND", "1"))) {
      limited.get("/orchestrator/status", "Authorization", bearer("learner-1"));
      limited.get("/orchestrator/status", "Authorization", bearer("learner-1"));

      Answer third = limited.get("/orchestrator/status", "Authorization", bearer("learner-1"));

      assertThat(third.status()).isEqualTo(429);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer", "BEARER", "Bearer"})
  void theSchemeMayBeInSmallLetters(String scheme) {
    String authorization = bearer("learner-1").replace("Bearer", scheme);

    assertThat(gateway.get("/orchestrator/status", "Authorization", authorization).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"operator", "service"})
  void aTokenWithTheScopeForItActsForAnotherUser(String scope) {
    Answer answer = sync(bearer("backend", scope), "learner-2");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(gateway.sink.values(Topics.LEARNING_INTENTS))
        .extracting(LearningIntent::getUserId)
        .containsExactly("learner-2");
  }

  @ParameterizedTest
  @CsvSource({"scope, service", "scope, operator", "role, service_role"})
  void aTokenOfAServiceNeedsNoSubject(String claim, String value) {
    Answer answer = sync(withoutSubject(claim, value), "learner-2");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(gateway.sink.values(Topics.LEARNING_INTENTS))
        .extracting(LearningIntent::getUserId)
        .containsExactly("learner-2");
  }

  @Test
  void aServiceSaysForWhomItActs() {
    Answer answer =
        gateway.post(
            "/orchestrator/intent.sync",
            INTENT,
            "Authorization",
            withoutSubject("scope", "service"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("X-User-ID");
  }

  @Test
  void aTokenWithoutSubjectIsGoodForNothingElse() {
    assertThat(sync(withoutSubject("scope", "stream"), "learner-2").status()).isEqualTo(401);
    assertThat(
            gateway
                .get("/api/tasks", "Authorization", withoutSubject("scope", "operator"))
                .status())
        .isEqualTo(401);
    assertThat(gateway.get("/api/tasks", "Authorization", bearer("backend", "service")).status())
        .isEqualTo(403);
  }

  private Answer sync(String authorization, String user) {
    return gateway.post(
        "/orchestrator/intent.sync", INTENT, "Authorization", authorization, "X-User-ID", user);
  }

  private static String withoutSubject(String claim, String value) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader(JWSAlgorithm.HS256),
              new JWTClaimsSet.Builder()
                  .claim(claim, value)
                  .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                  .build());
      token.sign(new MACSigner(JWT_SECRET.getBytes(UTF_8)));
      return "Bearer " + token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
