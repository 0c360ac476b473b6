package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.schemas.event.TraceContext;
import java.time.Duration;
import java.util.Optional;

/** A documentation task goes to an agent, whose result is committed to a git repository. */
record TaskStep(DemoContext demo) implements Step {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String FILE = "docs/overview.md";
  private static final String BRANCH = "main";

  @Override
  public String title() {
    return "A documentation task goes to an agent, which commits its result";
  }

  @Override
  public void run(Report report) throws InterruptedException {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("taskType", "documentation").put("priority", "high");
    ObjectNode payload = request.putObject("payload");
    payload.put("description", "Write an overview of this repository from its README");
    payload
        .putObject("context")
        .put("repository", DemoContext.SCRATCH_REPOSITORY)
        .put("filePath", FILE)
        .put("branch", BRANCH);
    TraceContext trace = TraceContext.start();
    demo.traces().put("task", trace.traceId());
    JsonNode accepted =
        demo.api().post("/api/orchestrator", demo.apiKey(), trace, request).expect(200).body();
    String task = accepted.path("task_id").asText();
    report.did("POST %s -> %s", demo.api().uri("/api/orchestrator"), accepted);

    JsonNode done =
        Eventually.find(
            "task " + task + " to be completed",
            TIMEOUT,
            () -> finished(demo.api().get("/api/tasks/" + task, demo.apiKey()).expect(200).body()));
    if (!done.path("status").asText().equals("completed")) {
      throw new StepFailedException("expected status completed, found " + done);
    }
    report.held(
        "completed by %s%s",
        done.path("agent").asText(),
        done.toString().contains("offline") ? " (offline: no API key is set)" : "");
    String written = demo.scratch().show(BRANCH, FILE);
    String log = demo.scratch().git("log", "-1", "--format=%h %s", BRANCH).strip();
    if (written.isBlank()) {
      throw new StepFailedException("expected a document in " + FILE + ", found nothing");
    }
    report.held("commit %s: %s has %d lines", log, FILE, written.lines().count());
    report.look("git -C %s show %s", demo.scratch().root(), BRANCH);
    report.look("%s", demo.api().uri("/api/tasks/" + task));
  }

  private static Optional<JsonNode> finished(JsonNode answer) {
    JsonNode task = answer;
    return switch (task.path("status").asText()) {
      case "completed", "failed", "cancelled" -> Optional.of(task);
      default -> Optional.empty();
    };
  }
}
