package dev.millrace.standalone.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.millrace.runtime.failure.Causes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * One address of a deployment, called over HTTP. Redirects are not followed: a key that is sent to
 * one address is meant for no other.
 */
final class HttpAddress implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int REDIRECTS = 300;
  private static final int CLIENT_ERRORS = 400;

  private final URI base;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  HttpAddress(URI base) {
    this.base = base;
  }

  /**
   * What came back.
   *
   * @param body missing where it was no JSON
   */
  record Reply(int status, JsonNode body) {

    /** The status, and the detail of a problem where the body is one. */
    String said() {
      String detail = body.path("detail").asText();
      return detail.isEmpty() ? Integer.toString(status) : "%d: %s".formatted(status, detail);
    }

    /** Fails with what came back, unless it has this status. */
    Reply require(int expected) throws CheckFailedException {
      if (status != expected) {
        throw new CheckFailedException("expected %d, found %s".formatted(expected, said()));
      }
      return this;
    }
  }

  Reply get(String path, String... headers) throws CheckFailedException, InterruptedException {
    return send(request(path, headers).GET());
  }

  Reply post(String path, byte[] json, String... headers)
      throws CheckFailedException, InterruptedException {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json)));
  }

  private HttpRequest.Builder request(String path, String... headers) {
    // Not resolve(), which would lose the path of an address behind a proxy.
    String address = base.toString().replaceAll("/+$", "") + path;
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address)).timeout(TIMEOUT);
    return headers.length == 0 ? request : request.headers(headers);
  }

  private Reply send(HttpRequest.Builder request)
      throws CheckFailedException, InterruptedException {
    HttpResponse<String> response;
    try {
      response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      String reason = e instanceof ConnectException ? "no connection" : Causes.rootMessage(e);
      throw new CheckFailedException("%s does not answer: %s".formatted(base, reason), e);
    }
    int status = response.statusCode();
    if (status >= REDIRECTS && status < CLIENT_ERRORS) {
      throw new CheckFailedException(
          "%s sends elsewhere (%d), to %s: give the address that answers itself"
              .formatted(
                  base, status, response.headers().firstValue("Location").orElse("nowhere")));
    }
    return new Reply(status, json(response.body()));
  }

  private static JsonNode json(String text) {
    try {
      JsonNode body = MAPPER.readTree(text);
      return body == null ? MissingNode.getInstance() : body;
    } catch (JsonProcessingException _) {
      return MissingNode.getInstance();
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
