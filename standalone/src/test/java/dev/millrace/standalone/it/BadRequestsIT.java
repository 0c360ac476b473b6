package dev.millrace.standalone.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.command.TokenCommand;
import dev.millrace.standalone.embedded.Credentials;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(WithMillrace.class)
class BadRequestsIT {

  static Stream<Arguments> badTasks() {
    return Stream.of(
        Arguments.of("{\"taskType\":", ""),
        Arguments.of("[]", ""),
        Arguments.of("{\"payload\":{\"description\":\"x\"}}", "/taskType"),
        Arguments.of("{\"taskType\":\"documentation\",\"payload\":{}}", "/payload/description"),
        Arguments.of(
            "{\"taskType\":\"documentation\",\"payload\":{\"description\":5}}",
            "/payload/description"),
        Arguments.of(
            "{\"taskType\":\"documentation\",\"priority\":\"now\",\"payload\":{\"description\":\"x\"}}",
            "/priority"),
        Arguments.of(
            "{\"taskType\":\"documentation\",\"payload\":{\"description\":\"x\"},\"colour\":1}",
            "/colour"),
        Arguments.of(
            "{\"taskType\":\"juggling\",\"payload\":{\"description\":\"x\"}}", "/taskType"),
        Arguments.of(
            "{\"taskType\":\"documentation\",\"payload\":{\"description\":\""
                + "x".repeat(70_000)
                + "\"}}",
            "/payload/description"));
  }

  @ParameterizedTest
  @MethodSource("badTasks")
  void aRequestThatIsNotValidIsRefusedWithTheNameOfTheField(
      String body, String field, Millrace millrace) {
    // when
    Gateway.Answer answer = millrace.gateway().post("/api/orchestrator", body);

    // then
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("content-type")).startsWith("application/problem+json");
    if (!field.isEmpty()) {
      assertThat(answer.json().path("errors").path(0).path("field").asText()).isEqualTo(field);
    }
  }

  @Test
  void aBodyOfThirtyMegabytesIsRefused(Millrace millrace) {
    // given
    String body = "x".repeat(30 << 20);

    // when
    Gateway.Answer answer =
        millrace.gateway().webhook("push", "big", millrace.gateway().webhookSecret(), body);

    // then
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.header("content-type")).startsWith("application/problem+json");
  }

  @Test
  void aCallerWithoutAKeyIsNotKnown(Millrace millrace) {
    // when
    Gateway.Answer answer = millrace.gateway().send(millrace.gateway().request("/api/tasks").GET());

    // then
    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void aTokenOfAnotherKeyIsRefused(Millrace millrace) {
    // given
    String token = TokenCommand.sign("ada", Duration.ofMinutes(5), "not-the-key-".repeat(4));

    // when
    Gateway.Answer answer = status(millrace, token, "ada");

    // then
    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void aUserIdThatIsNotTheTokensIsRefused(Millrace millrace) {
    // given
    String token =
        TokenCommand.sign(
            "ada", Duration.ofMinutes(5), millrace.credential(Credentials.JWT_SECRET));

    // when
    Gateway.Answer answer = status(millrace, token, "grace");

    // then
    assertThat(answer.status()).isEqualTo(403);
  }

  private static Gateway.Answer status(Millrace millrace, String token, String user) {
    HttpRequest.Builder request =
        millrace
            .gateway()
            .request("/orchestrator/status")
            .header("Authorization", "Bearer " + token)
            .header("X-User-ID", user)
            .GET();
    return millrace.gateway().send(request);
  }
}
