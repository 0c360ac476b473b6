package dev.millrace.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Refusals as the gateway writes them: {@code application/problem+json}. */
final class Problems {

  private static final int MAX_TEXT = 500;

  private Problems() {}

  static MillraceException of(HttpResponse<?> response, byte[] body) {
    JsonNode problem = json(body);
    List<MillraceException.Field> errors = new ArrayList<>();
    for (JsonNode error : problem.path("errors")) {
      errors.add(
          new MillraceException.Field(error.path("field").asText(), error.path("reason").asText()));
    }
    String title = problem.path("title").asText("status " + response.statusCode());
    String detail = problem.path("detail").asText(text(body));
    return new MillraceException(
        response.statusCode(),
        problem.path("type").asText("about:blank"),
        title,
        "%s %s: %d %s: %s%s"
            .formatted(
                response.request().method(),
                response.request().uri().getPath(),
                response.statusCode(),
                title,
                detail,
                errors.isEmpty() ? "" : " " + errors),
        errors,
        retryAfter(response).orElse(null),
        null);
  }

  private static JsonNode json(byte[] body) {
    try {
      JsonNode read = Transport.JSON.readTree(body);
      return read == null ? Transport.JSON.missingNode() : read;
    } catch (IOException e) {
      return Transport.JSON.missingNode(); // a proxy on the way answers in a form of its own
    }
  }

  private static String text(byte[] body) {
    return new String(body, 0, Math.min(body.length, MAX_TEXT), StandardCharsets.UTF_8);
  }

  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,9}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }
}
