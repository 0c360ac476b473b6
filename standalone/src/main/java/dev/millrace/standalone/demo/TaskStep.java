package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.client.NewTask;
import dev.millrace.client.Tasks;
import dev.millrace.schemas.event.TraceContext;
import java.time.Duration;

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
    TraceContext trace = TraceContext.start();
    demo.traces().put("task", trace.traceId());
    Tasks tasks = demo.operator(trace).tasks();
    Tasks.Accepted accepted =
        tasks.submit(
            NewTask.of("documentation", "Write an overview of this repository from its README")
                .withPriority("high")
                .in(DemoContext.SCRATCH_REPOSITORY, FILE, BRANCH));
    report.did(
        "POST %s -> task %s, %s, assigned to %s",
        demo.uri("/api/orchestrator"),
        accepted.taskId(),
        accepted.status(),
        accepted.assignedAgent());

    Tasks.Task done = tasks.awaitEnd(accepted.taskId(), TIMEOUT);
    if (!done.status().equals("completed")) {
      throw new StepFailedException("expected status completed, found " + done);
    }
    report.held(
        "completed by %s%s",
        String.valueOf(done.agent()), isOffline(done) ? " (offline: no API key is set)" : "");
    String written = demo.scratch().show(BRANCH, FILE);
    String log = demo.scratch().git("log", "-1", "--format=%h %s", BRANCH).strip();
    if (written.isBlank()) {
      throw new StepFailedException("expected a document in " + FILE + ", found nothing");
    }
    report.held("commit %s: %s has %d lines", log, FILE, written.lines().count());
    report.look("git -C %s show %s", demo.scratch().root(), BRANCH);
    report.look("%s", demo.uri("/api/tasks/" + accepted.taskId()));
  }

  private static boolean isOffline(Tasks.Task done) {
    JsonNode result = done.result();
    return result != null && result.path("offline").asBoolean();
  }
}
