package dev.millrace.standalone.pipeline;

import static java.util.Objects.requireNonNull;

import dev.millrace.audit.AuditConfig;
import dev.millrace.gateway.GatewayConfig;
import dev.millrace.health.HealthConfig;
import dev.millrace.learning.LearningConfig;
import dev.millrace.remediation.RemediationConfig;
import dev.millrace.repositories.Repositories;
import dev.millrace.router.RouterConfig;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.WorkerConfig;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the apps read of their configuration when they are wired, read before anything is started,
 * so that a wrong variable is told at once. The embedding worker's depends on its model, whose
 * loading takes longer than that is worth.
 */
final class Configurations {

  private static final Map<String, Consumer<Environment>> BY_APP =
      Map.of(
          "ingest-gateway", GatewayConfig::from,
          "task-router", RouterConfig::from,
          "claude-worker", WorkerConfig::from,
          "embedding-worker", Repositories::from,
          "learning-planner", LearningConfig::from,
          "health-agents", HealthConfig::from,
          "remediation-executor", RemediationConfig::from,
          "audit-sink", AuditConfig::from);

  private Configurations() {}

  /**
   * Reads those of some apps.
   *
   * @throws ConfigurationException if a variable is wrong
   */
  static void check(Environment environment, List<String> apps) {
    apps.forEach(app -> requireNonNull(BY_APP.get(app), app).accept(environment));
  }
}
