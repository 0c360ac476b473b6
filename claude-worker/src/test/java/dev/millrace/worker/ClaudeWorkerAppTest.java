package dev.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.app.RunningApp;
import dev.millrace.runtime.config.Environment;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClaudeWorkerAppTest {

  /** Nothing listens there. */
  private static final Map<String, String> NOWHERE =
      Map.of(
          "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9",
          "SCHEMA_REGISTRY_URL", "http://127.0.0.1:9",
          "DATABASE_URL", "jdbc:postgresql://127.0.0.1:9/millrace",
          "MANAGEMENT_PORT", "0");

  @Test
  void aWorkerWhoseAgentsAreAllOfflineNeedsNoPostgres() {
    assertThat(needs(Map.of())).contains("kafka").doesNotContain("postgres");
  }

  @Test
  void aWorkerThatMayHaveToPayNeedsIt() {
    assertThat(needs(Map.of("KIE_API_KEY", "not-a-real-key"))).contains("postgres");
  }

  private static Set<String> needs(Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(NOWHERE);
    environment.putAll(variables);
    try (RunningApp app = RunningApp.start(new ClaudeWorkerApp(), Environment.of(environment))) {
      return app.readiness().check().keySet();
    }
  }
}
