package dev.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.standalone.command.TokenCommand;
import dev.millrace.standalone.embedded.Credentials;
import java.time.Duration;
import java.util.List;

/** A learner says what to learn, gets a plan from signals, completes it and looks at the status. */
record LearningStep(DemoContext demo) implements Step {

  private static final String USER = "demo-learner";
  private static final List<String> AGENTS = List.of("clo", "alex", "ta", "socratic");

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

    JsonNode intent =
        demo.api().post("/orchestrator/intent.sync", token, trace, intent()).expect(200).body();
    report.held("intent.sync: %s, active %s", intent.path("topic").asText(), intent.path("active"));

    for (String agent : AGENTS) {
      demo.api().post("/api/learning/signals", demo.apiKey(), trace, signal(agent)).expect(200);
    }
    report.did("four signals on learning.signals");

    ObjectNode day = JsonNodeFactory.instance.objectNode().put("week", 1).put("day", 1);
    JsonNode plan = demo.api().post("/orchestrator/day.run", token, trace, day).expect(200).body();
    report.held(
        "day.run: \"%s\", %d steps, degraded %s",
        plan.path("plan_json_summary").path("title").asText(),
        plan.path("plan_json_summary").path("steps").size(),
        plan.path("degraded_mode"));

    ObjectNode completion =
        JsonNodeFactory.instance
            .objectNode()
            .put("session_id", plan.path("session_id").asText())
            .put("completion_time_min", 45)
            .put("confidence", 7);
    JsonNode done =
        demo.api().post("/orchestrator/day.done", token, trace, completion).expect(200).body();
    report.held("day.done: %s", done.path("next_day_hint").asText());

    JsonNode status = demo.api().get("/orchestrator/status", token).expect(200).body();
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
        USER, demo.api().uri("/orchestrator/status"));
  }

  private static ObjectNode intent() {
    ObjectNode intent = JsonNodeFactory.instance.objectNode();
    intent
        .put("topic", "Stream processing")
        .put("depth", "informed")
        .put("end_goal", "Run a pipeline in production")
        .put("time_per_day_min", 60)
        .put("user_tz", "Europe/Berlin");
    intent.putObject("meta").put("learning_style", "project-first");
    return intent;
  }

  private static ObjectNode signal(String agent) {
    ObjectNode signal = JsonNodeFactory.instance.objectNode();
    signal.put("user_id", USER).put("agent", agent).put("etag", "demo-1");
    ObjectNode data = signal.putObject("data");
    data.put("focus", "Exactly-once processing");
    data.putArray("steps").add("Read how transactions and offsets go together (" + agent + ")");
    return signal;
  }
}
