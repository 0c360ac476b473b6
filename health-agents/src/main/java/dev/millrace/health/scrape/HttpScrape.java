package dev.millrace.health.scrape;

import dev.millrace.health.project.Project;
import dev.millrace.health.project.ProjectHttp;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Reads what stands at a metrics address, of bounded size and within a time. */
final class HttpScrape {

  private static final long MAX_BODY_BYTES = 8 << 20;
  private static final String ACCEPT = "text/plain;version=0.0.4, application/json;q=0.5";
  private static final int OK = 200;

  private final ProjectHttp http;

  HttpScrape(ProjectHttp http) {
    this.http = http;
  }

  /** What was answered. */
  record Answer(String text, boolean isJson) {}

  /**
   * @throws ScrapeException if there is no answer of 200, in time and of at most 8 MB
   */
  Answer read(Project project) throws ScrapeException, InterruptedException {
    try {
      return answer(
          http.get(
              project,
              ACCEPT,
              BodyHandlers.limiting(
                  BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_BODY_BYTES)));
    } catch (IOException e) {
      throw new ScrapeException(String.valueOf(e.getMessage()));
    }
  }

  private static Answer answer(HttpResponse<String> response) throws ScrapeException {
    if (response.statusCode() != OK) {
      throw new ScrapeException("HTTP " + response.statusCode());
    }
    String type = response.headers().firstValue("Content-Type").orElse("");
    return new Answer(response.body(), type.contains("json"));
  }
}
