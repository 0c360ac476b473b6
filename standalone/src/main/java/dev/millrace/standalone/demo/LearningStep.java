package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.client.Learning;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.standalone.command.TokenCommand;
import dev.millrace.standalone.embedded.Credentials;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A learner says what to learn, gets a plan from signals, completes it and looks at the status. */
record LearningStep(DemoContext demo) implements Step {

  private static final String USER = "demo-learner";
  private static final List<String> AGENTS = List.of("clo", "alex", "ta", "socratic");

  private static final Learning.NewIntent INTENT =
      new Learning.NewIntent(
          "Stream processing", "informed", "Run a pipeline in production", 60, "Europe/Berlin");

  @Override
  public String title() {
    return "A learner's intent, plan, completion and status";
  }

  @Override
  public void run(Report report) throws InterruptedException {
    String token =
        TokenCommand.sign(
            USER, Duration.ofHours(1), demo.credentials().get(Credentials.JWT_SECRET));
    TraceContext trace = TraceContext.start();
    demo.traces().put("learning", trace.traceId());

    Learning learner = demo.user(token, trace).learning();
    Learning.Intent intent = learner.createIntent(INTENT);
    report.held("intent.sync: %s, active %s", intent.topic(), intent.active());

    Learning signals = demo.operator(trace).learning();
    for (String agent : AGENTS) {
      signals.pushSignal(USER, agent, signal(agent));
    }
    report.did("%d signals on learning.signals", AGENTS.size());

    Learning.Plan plan = learner.generateDayPlan(1, 1);
    report.held(
        "day.run: \"%s\", %d steps, degraded %s",
        plan.planJsonSummary().path("title").asText(),
        plan.planJsonSummary().path("steps").size(),
        plan.degradedMode());

    Learning.Done done = learner.completeDay(plan.sessionId(), 45, 7, null);
    report.held("day.done: %s", String.valueOf(done.nextDayHint()));

    JsonNode status = learner.getStatus();
    int completed = status.path("learning_stats").path("completed_sessions").asInt();
    if (completed < 1) {
      throw new StepFailedException("expected a completed session in the status, found " + status);
    }
    report.held(
        "status: %d completed, streak %d, next %s",
        completed,
        status.path("learning_stats").path("current_streak_days").asInt(),
        status.path("next_scheduled_run").path("estimated_time").asText());
    report.look(
        "curl -H \"Authorization: Bearer $(./millrace token --user %s)\" %s",
        USER, demo.uri("/orchestrator/status"));
  }

  private static Map<String, Object> signal(String agent) {
    return Map.of(
        "focus",
        "Exactly-once processing",
        "steps",
        List.of("Read how transactions and offsets go together (" + agent + ")"));
  }
}
