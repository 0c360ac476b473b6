package dev.millrace.standalone.pipeline;

import dev.millrace.audit.AuditSinkApp;
import dev.millrace.embedding.EmbeddingWorkerApp;
import dev.millrace.gateway.IngestGatewayApp;
import dev.millrace.health.HealthAgentsApp;
import dev.millrace.learning.LearningPlannerApp;
import dev.millrace.remediation.RemediationExecutorApp;
import dev.millrace.router.TaskRouterApp;
import dev.millrace.runtime.app.App;
import dev.millrace.worker.ClaudeWorkerApp;
import java.util.List;
import java.util.function.Supplier;

/** The apps of the pipeline, in the order of the way of an event. */
public final class Apps {

  private static final List<Supplier<App>> ALL =
      List.of(
          IngestGatewayApp::new,
          TaskRouterApp::new,
          ClaudeWorkerApp::new,
          EmbeddingWorkerApp::new,
          LearningPlannerApp::new,
          HealthAgentsApp::new,
          RemediationExecutorApp::new,
          AuditSinkApp::new);

  private Apps() {}

  /** A new, unstarted instance of each app. */
  public static List<App> all() {
    return ALL.stream().map(Supplier::get).toList();
  }

  /** The names of all apps. */
  public static List<String> names() {
    return all().stream().map(App::name).toList();
  }

  /** A new, unstarted instance of one app. */
  public static App named(String name) {
    return all().stream()
        .filter(app -> app.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no app " + name));
  }
}
