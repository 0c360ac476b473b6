package dev.millrace.repositories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.runtime.redaction.Secret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;

/**
 * Requests to <a href="https://docs.github.com/en/rest">GitHub's REST API</a>. It never waits for
 * longer than one request and never follows a redirect, which could carry the token elsewhere. What
 * it read before is transferred again only if it changed.
 */
final class GitHubApi {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
  private static final String TOKEN_USER = "x-access-token";
  private static final String JSON = "application/vnd.github+json";
  private static final String RAW = "application/vnd.github.raw+json";
  private static final String DIFF = "application/vnd.github.diff";
  private static final String API_VERSION = "2022-11-28";

  /** Longest answer that is read, in bytes: a file of 8 MB in base64, or a list of many files. */
  private static final long MAX_ANSWER = 64L << 20;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final URI url;
  private final Optional<Secret> token;
  private final ETagCache etags = new ETagCache();
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  GitHubApi(URI url, Optional<Secret> token) {
    this.url = url;
    this.token = token;
  }

  /** An answer of GitHub. */
  record Answer(HttpResponse<byte[]> response) {

    int status() {
      return response.statusCode();
    }

    byte[] bytes() {
      return response.body();
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    /** The body; empty when it is no JSON. */
    JsonNode json() {
      try {
        return MAPPER.readTree(bytes());
      } catch (IOException e) {
        return MAPPER.missingNode();
      }
    }
  }

  /**
   * Asks for something, and answers with what is no failure.
   *
   * @param repository repository that it is about, for messages
   * @param path below the API's address
   */
  JsonNode get(String repository, String path) {
    return succeeded(repository, exchange("GET", path, JSON, null)).json();
  }

  byte[] getRaw(String repository, String path) {
    return succeeded(repository, exchange("GET", path, RAW, null)).bytes();
  }

  JsonNode post(String repository, String path, JsonNode body) {
    return succeeded(repository, exchange("POST", path, JSON, body)).json();
  }

  /** Asks for something; the answer may be a failure. */
  Answer tryGet(String path) {
    return exchange("GET", path, JSON, null);
  }

  /** Asks for a comparison as a unified diff; the answer may be a failure. */
  Answer tryGetDiff(String path) {
    return exchange("GET", path, DIFF, null);
  }

  Answer tryPost(String path, JsonNode body) {
    return exchange("POST", path, JSON, body);
  }

  Answer tryPut(String path, JsonNode body) {
    return exchange("PUT", path, JSON, body);
  }

  boolean hasToken() {
    return token.isPresent();
  }

  Answer tryPatch(String path, JsonNode body) {
    return exchange("PATCH", path, JSON, body);
  }

  /** What git itself logs in with. */
  @Nullable CredentialsProvider login() {
    return token
        .map(secret -> new UsernamePasswordCredentialsProvider(TOKEN_USER, secret.reveal()))
        .orElse(null);
  }

  /** The answer, unless it is a failure. */
  Answer succeeded(String repository, Answer answer) {
    if (answer.status() / 100 != 2) {
      throw GitHubFailures.of(repository, answer, token.isPresent());
    }
    return answer;
  }

  private Answer exchange(String method, String path, String accept, @Nullable JsonNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(REQUEST_TIMEOUT)
            .header("Accept", accept)
            .header("User-Agent", "millrace")
            .header("X-GitHub-Api-Version", API_VERSION);
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret.reveal()));
    if (method.equals("GET")) {
      HttpResponse<byte[]> before = etags.condition(request, path, accept);
      return new Answer(etags.current(path, accept, before, send(request.GET())));
    }
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
    }
    return new Answer(send(request));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return http.send(
          request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
    } catch (IOException e) {
      throw GitHubFailures.unreachable(url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw GitHubFailures.unreachable(url, new InterruptedIOException("interrupted"));
    }
  }

  /** A path for an address: every name encoded, the slashes kept. */
  static String encode(String path) {
    return Arrays.stream(path.split("/", -1))
        .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }
}
