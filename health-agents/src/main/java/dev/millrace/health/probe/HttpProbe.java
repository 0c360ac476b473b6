package dev.millrace.health.probe;

import dev.millrace.health.project.Project;
import dev.millrace.health.project.ProjectHttp;
import dev.millrace.schemas.health.HealthProbe;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;

/** Looks at a project once: {@code GET} its address, and see how fast the answer begins. */
final class HttpProbe {

  private static final String ACCEPT = "*/*";
  private static final int FIRST_FAILURE = 300;
  private static final int FIRST_SERVER_FAILURE = 500;
  private static final double NANOS_PER_MS = 1_000_000.0;

  private final ProjectHttp http;

  HttpProbe(ProjectHttp http) {
    this.http = http;
  }

  HealthProbe look(Project project) throws InterruptedException {
    HealthProbe.Builder probe =
        HealthProbe.newBuilder()
            .setProject(project.name())
            .setUrl(project.urlWithoutUserInfo())
            .setObservedAt(Instant.now());
    long start = System.nanoTime();
    try {
      HttpResponse<InputStream> response = http.get(project, ACCEPT, BodyHandlers.ofInputStream());
      double elapsedMs = elapsedMs(start);
      response.body().close();
      return probe
          .setUp(isGood(project, response.statusCode()))
          .setStatusCode(response.statusCode())
          .setResponseTimeMs(elapsedMs)
          .build();
    } catch (IOException e) {
      return probe
          .setUp(false)
          .setResponseTimeMs(elapsedMs(start))
          .setError(e.getMessage())
          .build();
    }
  }

  /**
   * An address with a path is one for health checks, whatever else it answers is a failure: a
   * redirect is still one here only where it leads nowhere, as in a circle. Without a path nobody
   * says that there is a page to find: a service that answers 404 or 401 is up.
   */
  private static boolean isGood(Project project, int status) {
    return status < (project.namesPath() ? FIRST_FAILURE : FIRST_SERVER_FAILURE);
  }

  private static double elapsedMs(long start) {
    return (System.nanoTime() - start) / NANOS_PER_MS;
  }
}
