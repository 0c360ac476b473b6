package dev.millrace.worker.media;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.worker.agent.ApiFailures;
import dev.millrace.worker.media.MediaException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP of a media service: JSON out and in, bounded in time and size. What it answers is data
 * of others: addresses and ids are checked before they are used.
 */
final class MediaApi implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final int MAX_URL = 2_000;
  private static final int MAX_SAID = 300;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]{1,200}");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final String base;
  private final String authorization;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * @param name name of the service in messages
   * @param authorization value of the header
   */
  MediaApi(String name, URI base, String authorization) {
    this.name = name;
    this.base = base.toString().replaceFirst("/+$", "");
    this.authorization = authorization;
  }

  JsonNode get(String path) throws MediaException, InterruptedException {
    return exchange(request(path).GET().build());
  }

  JsonNode post(String path, ObjectNode body) throws MediaException, InterruptedException {
    return exchange(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(TIMEOUT)
        .header("Accept", "application/json")
        .header("Authorization", authorization);
  }

  private JsonNode exchange(HttpRequest request) throws MediaException, InterruptedException {
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      byte[] body;
      try (InputStream in = response.body()) {
        body = in.readNBytes(MAX_BODY_BYTES + 1);
      }
      if (response.statusCode() / 100 != 2) {
        throw refused(response, body);
      }
      if (body.length > MAX_BODY_BYTES) {
        throw malformed("more than %d bytes".formatted(MAX_BODY_BYTES));
      }
      return parse(body);
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new MediaException(
          Kind.UNREACHED, "%s cannot be reached: %s".formatted(name, Causes.rootMessage(e)), null);
    } catch (IOException e) {
      throw new MediaException(
          Kind.UNCERTAIN,
          "%s did not answer to the end: %s".formatted(name, Causes.rootMessage(e)),
          null);
    }
  }

  private JsonNode parse(byte[] body) throws MediaException {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw malformed("something that is not JSON");
    }
  }

  private MediaException refused(HttpResponse<?> response, byte[] body) {
    return refused(
        response.statusCode(),
        new String(body, StandardCharsets.UTF_8),
        ApiFailures.retryAfter(response.headers()::allValues));
  }

  /** What a status, of HTTP or within an answer, stands for. */
  MediaException refused(int status, String said, @Nullable Duration retryAfter) {
    Kind kind = Kind.ofStatus(status);
    String message = "%s error: %d: %s".formatted(name, status, shorten(said));
    return new MediaException(
        kind,
        kind == Kind.UNAUTHORIZED ? message + ". Check its key and the account" : message,
        retryAfter);
  }

  MediaException malformed(String found) {
    return new MediaException(
        Kind.UNCERTAIN,
        "expected an answer of %s as its API promises, found %s".formatted(name, found),
        null);
  }

  /** The id of a request, which becomes part of addresses. */
  String id(JsonNode node) throws MediaException {
    if (!ID.matcher(node.asText()).matches()) {
      throw malformed("no usable id of the request");
    }
    return node.asText();
  }

  /** Where what was made is: an http or https address. */
  Progress made(JsonNode node) {
    String text = node.asText();
    try {
      URI url = new URI(text);
      if (text.length() <= MAX_URL
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
        return new Progress.Made(url);
      }
    } catch (URISyntaxException e) {
      return noAddress(text);
    }
    return noAddress(text);
  }

  private Progress noAddress(String text) {
    return new Progress.Failed(
        "%s answered no http or https address of what it made, but '%s'"
            .formatted(name, shorten(text)));
  }

  static String shorten(String text) {
    return Texts.shorten(text.replaceAll("\\s+", " ").strip(), MAX_SAID);
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
