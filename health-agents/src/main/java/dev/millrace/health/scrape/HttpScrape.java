package dev.millrace.health.scrape;

import dev.millrace.health.project.Project;
import dev.millrace.runtime.failure.Causes;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads what stands at a metrics address, of bounded size and within a time. */
final class HttpScrape {

  private static final long MAX_BODY_BYTES = 8 << 20;
  private static final String ACCEPT = "text/plain;version=0.0.4, application/json;q=0.5";
  private static final int OK = 200;

  private final HttpClient http;
  private final Duration timeout;

  HttpScrape(HttpClient http, Duration timeout) {
    this.http = http;
    this.timeout = timeout;
  }

  /** What was answered. */
  record Answer(String text, boolean isJson) {}

  /**
   * @throws ScrapeException if there is no answer of 200, in time and of at most 8 MB
   */
  Answer read(Project project) throws ScrapeException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(project.url())
            .header("User-Agent", "millrace-health-agents")
            .header("Accept", ACCEPT)
            .GET()
            .build();
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(
            request,
            BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_BODY_BYTES));
    try {
      // The timeout of a request would end with its headers; this one is for the body too.
      return answer(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      throw new ScrapeException("no answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw new ScrapeException(describe(Causes.unwrap(e)));
    } finally {
      answer.cancel(true);
    }
  }

  private static Answer answer(HttpResponse<String> response) throws ScrapeException {
    if (response.statusCode() != OK) {
      throw new ScrapeException("HTTP " + response.statusCode());
    }
    String type = response.headers().firstValue("Content-Type").orElse("");
    return new Answer(response.body(), type.contains("json"));
  }

  private static String describe(Throwable failure) {
    return failure instanceof ConnectException ? "no connection" : Causes.rootMessage(failure);
  }
}
