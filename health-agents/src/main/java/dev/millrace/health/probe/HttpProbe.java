package dev.millrace.health.probe;

import dev.millrace.health.project.Project;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.schemas.health.HealthProbe;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;

/** Looks at a project once: {@code GET} its address, and see how fast the answer begins. */
final class HttpProbe {

  private static final int FIRST_FAILURE = 400;
  private static final int FIRST_SERVER_FAILURE = 500;
  private static final double NANOS_PER_MS = 1_000_000.0;

  private final HttpClient http;
  private final Duration timeout;

  HttpProbe(HttpClient http, Duration timeout) {
    this.http = http;
    this.timeout = timeout;
  }

  HealthProbe look(Project project) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(project.url())
            .timeout(timeout)
            .header("User-Agent", "millrace-health-agents")
            .GET()
            .build();
    HealthProbe.Builder probe =
        HealthProbe.newBuilder()
            .setProject(project.name())
            .setUrl(project.urlWithoutUserInfo())
            .setObservedAt(Instant.now());
    long start = System.nanoTime();
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      double elapsedMs = elapsedMs(start);
      response.body().close();
      return probe
          .setUp(isGood(project, response.statusCode()))
          .setStatusCode(response.statusCode())
          .setResponseTimeMs(elapsedMs)
          .build();
    } catch (IOException e) {
      return probe.setUp(false).setResponseTimeMs(elapsedMs(start)).setError(describe(e)).build();
    }
  }

  /**
   * An address with a path is one for health checks, whatever else it answers is a failure. Without
   * one nobody says that there is a page to find: a service that answers 404 or 401 is up.
   */
  private static boolean isGood(Project project, int status) {
    return status < (project.namesPath() ? FIRST_FAILURE : FIRST_SERVER_FAILURE);
  }

  private String describe(IOException e) {
    return switch (e) {
      case HttpTimeoutException _ -> "no answer within " + timeout.toMillis() + " ms";
      case ConnectException _ -> "no connection";
      default -> Causes.rootMessage(e);
    };
  }

  private static double elapsedMs(long start) {
    return (System.nanoTime() - start) / NANOS_PER_MS;
  }
}
