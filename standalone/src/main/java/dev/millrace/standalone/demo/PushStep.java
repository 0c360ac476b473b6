package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.standalone.embedded.Credentials;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** A signed push webhook for this repository's newest commits indexes its documents. */
record PushStep(DemoContext demo) implements Step {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String FOLDER = "docs/";

  @Override
  public String title() {
    return "A push of this repository's newest commits indexes its docs/";
  }

  @Override
  public void run(Report report) throws InterruptedException {
    ObjectNode push = demo.source().push(DemoContext.SOURCE_REPOSITORY, FOLDER);
    TraceContext trace = TraceContext.start();
    String secret = demo.credentials().get(Credentials.WEBHOOK_SECRET);
    GithubDelivery delivery =
        new GithubDelivery(
            demo.uri("/api/github-webhook"), "push", UUID.randomUUID().toString(), trace, push);
    delivery.deliver(secret);
    demo.traces().put("push", trace.traceId());
    report.did(
        "POST %s (X-GitHub-Event: push, %d commits, signed)",
        delivery.to(), push.path("commits").size());
    delivery.deliver(secret);
    report.did("the same delivery again");

    long documents =
        demo.source().files(FOLDER).stream().filter(file -> file.endsWith(".md")).count();
    long indexed =
        Eventually.find(
            documents + " documents of docs/ in the knowledge base",
            TIMEOUT,
            () -> Optional.of(indexedDocuments()).filter(found -> found >= documents));
    report.held(
        "%d documents of docs/ indexed, %d chunks with embeddings",
        indexed, demo.count("SELECT count(*) FROM embeddings WHERE source LIKE '%docs/%'"));
    long events =
        Eventually.find(
            "one github_push event and " + push.path("commits").size() + " commit events",
            TIMEOUT,
            () ->
                Optional.of(commitEvents(trace))
                    .filter(found -> found == push.path("commits").size()));
    report.held("one github_push event and %d commit events, though it came twice", events);
    report.look(
        "./millrace psql -c \"SELECT event_type, count(*) FROM ai_events WHERE trace_id = '%s'"
            + " GROUP BY 1\"",
        trace.traceId());
  }

  private long indexedDocuments() {
    return demo.count(
        "SELECT count(DISTINCT source) FROM embeddings WHERE source LIKE '%docs/%.md'");
  }

  private long commitEvents(TraceContext trace) {
    long pushes =
        demo.count(
            "SELECT count(*) FROM ai_events WHERE event_type = 'github_push' AND trace_id = ?",
            trace.traceId());
    if (pushes > 1) {
      throw new StepFailedException("expected one github_push event, found " + pushes);
    }
    return demo.count(
        "SELECT count(*) FROM ai_events WHERE event_type = 'commit' AND trace_id = ?",
        trace.traceId());
  }
}
