package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.standalone.check.WebhookSignature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A webhook as GitHub delivers it, signed with the secret: not a call of the API's users, so no
 * client has it.
 *
 * @param to where it is delivered
 * @param event name of the event
 * @param id the same when it is delivered again
 */
record GithubDelivery(URI to, String event, String id, TraceContext trace, JsonNode payload) {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Delivers it; anything but 200 is a failure of the step. */
  void deliver(String secret) throws InterruptedException {
    byte[] body = payload.toString().getBytes(StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(to)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", event)
            .header("X-GitHub-Delivery", id)
            .header("X-Hub-Signature-256", WebhookSignature.of(body, secret))
            .header("traceparent", trace.traceparent())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new StepFailedException(
            "expected status 200, found %d: %s".formatted(response.statusCode(), response.body()));
      }
    } catch (IOException e) {
      throw new StepFailedException("the gateway at " + to + " does not answer: " + e, e);
    }
  }
}
