package dev.millrace.standalone.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.schemas.event.TraceContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The gateway as its users call it: over HTTP, with their credentials and a trace of their own. */
final class GatewayApi {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final URI gateway;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  GatewayApi(URI gateway) {
    this.gateway = gateway;
  }

  URI uri(String path) {
    return gateway.resolve(path);
  }

  /** Answer of a call: its status and its JSON. */
  record Answer(int status, JsonNode body) {

    Answer expect(int expected) {
      if (status != expected) {
        throw new StepFailedException(
            "expected status %d, found %d: %s".formatted(expected, status, body));
      }
      return this;
    }
  }

  Answer get(String path, String token) throws InterruptedException {
    return send(request(path, token).GET());
  }

  Answer post(String path, String token, TraceContext trace, JsonNode body)
      throws InterruptedException {
    return send(
        request(path, token)
            .header("traceparent", trace.traceparent())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  /** Delivers a webhook as GitHub does, signed with the secret. */
  Answer webhook(String event, String delivery, String secret, TraceContext trace, JsonNode payload)
      throws InterruptedException {
    byte[] body = payload.toString().getBytes(StandardCharsets.UTF_8);
    return send(
        HttpRequest.newBuilder(uri("/api/github-webhook"))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", event)
            .header("X-GitHub-Delivery", delivery)
            .header("X-Hub-Signature-256", "sha256=" + hmac(body, secret))
            .header("traceparent", trace.traceparent())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private HttpRequest.Builder request(String path, String token) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest.Builder request) throws InterruptedException {
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), MAPPER.readTree(response.body()));
    } catch (JsonProcessingException e) {
      throw new StepFailedException("expected JSON from the gateway: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StepFailedException("the gateway at " + gateway + " does not answer: " + e, e);
    }
  }

  private static String hmac(byte[] body, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has HmacSHA256", e);
    }
  }
}
