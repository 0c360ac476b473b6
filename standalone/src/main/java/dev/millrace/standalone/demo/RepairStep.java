package dev.millrace.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A service becomes unhealthy; the pipeline finds it down and really restarts it. */
record RepairStep(DemoContext demo) implements Step {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @Override
  public String title() {
    return "A service that is down is found and restarted";
  }

  @Override
  public void run(Report report) throws InterruptedException {
    long before = pid();
    report.held("%s runs as process %d and is healthy", DemoServiceProcess.PROJECT, before);
    awaitStatus("healthy");
    call("/break");
    report.did("made it unhealthy: its /health answers 500 from now on");
    awaitStatus("down");
    report.held("found down");
    long after =
        Eventually.find(
            "another process than " + before,
            TIMEOUT,
            () ->
                demo.service()
                    .process()
                    .map(ProcessHandle::pid)
                    .filter(pid -> pid != before && call("/health") == 200));
    report.held("restarted: it runs as process %d and answers 200", after);
    String trace =
        Eventually.find(
            "the outcome in the audit database",
            TIMEOUT,
            () ->
                demo.text(
                    """
                    SELECT trace_id FROM ai_events
                    WHERE event_type = 'remediation_succeeded' AND subject = ?
                    ORDER BY "timestamp" DESC LIMIT 1
                    """,
                    DemoServiceProcess.PROJECT));
    demo.traces().put("repair", trace);
    awaitStatus("healthy");
    report.held("found healthy again");
    report.look(
        "./millrace psql -c \"SELECT event_type, data FROM ai_events WHERE trace_id = '%s'\"",
        trace);
  }

  private void awaitStatus(String status) throws InterruptedException {
    Eventually.find(
        DemoServiceProcess.PROJECT + " to be found " + status,
        TIMEOUT,
        () ->
            demo.text(
                    "SELECT lower(status) FROM health_projects WHERE project = ?",
                    DemoServiceProcess.PROJECT)
                .filter(status::equals));
  }

  private long pid() {
    return demo.service()
        .process()
        .map(ProcessHandle::pid)
        .orElseThrow(() -> new StepFailedException("the demo service does not run"));
  }

  /** Status of an answer of the service, or 0 when there is none. */
  private int call(String path) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(demo.service().url() + path)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}
