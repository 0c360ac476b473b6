package dev.millrace.router;

import dev.millrace.router.circuit.CircuitRules;
import dev.millrace.router.queue.AllRules;
import dev.millrace.router.queue.QueueName;
import dev.millrace.router.queue.QueueRules;
import dev.millrace.router.workflow.WorkflowRules;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.queue.QueueSettings;
import dev.millrace.runtime.routing.RoutingTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Configuration of the task router.
 *
 * @param routes which agent does which type of task; each agent has one queue
 * @param rules what holds for each queue
 * @param workflow how development work goes through several agents
 * @param threads threads that serve queues
 */
public record RouterConfig(
    RoutingTable routes, AllRules rules, WorkflowRules workflow, int threads) {

  private static final String QUEUE_SETTINGS = "QUEUE_SETTINGS";
  private static final String AGENT_FALLBACKS = "AGENT_FALLBACKS";
  private static final String CIRCUIT_MAX_OPEN = "CIRCUIT_MAX_OPEN";
  private static final int DEFAULT_THREADS = 1;
  private static final int MAX_THREADS = 64;

  public static RouterConfig from(Environment environment) {
    RoutingTable routes = RoutingTable.from(environment);
    Map<String, QueueSettings> settings = settings(environment, routes);
    Map<String, String> fallbacks = fallbacks(environment, routes);
    QueueRules usual = usualRules(environment);
    Map<QueueName, QueueRules> rules = new HashMap<>();
    settings.forEach((queue, defaults) ->
        rules.put(
            new QueueName(queue),
            usual.with(defaults, fallbacks.get(RoutingTable.agentOfQueue(queue)))));
    int threads = environment.integer("TASK_ROUTER_THREADS", DEFAULT_THREADS, 1, MAX_THREADS);
    return new RouterConfig(
        routes, new AllRules(rules, usual), WorkflowRules.from(environment, routes), threads);
  }

  /** Those of a queue for which nothing is set. */
  private static QueueRules usualRules(Environment environment) {
    return new QueueRules(
        QueueSettings.from(environment),
        environment.duration("RUN_LEASE", Duration.ofSeconds(60)),
        environment.duration("RUN_START_TIMEOUT", Duration.ofMinutes(30)),
        environment.bool("ENABLE_QUEUE_PROCESSOR", true),
        environment.duration("TASK_COMPLETED_RETENTION", Duration.ofHours(24)),
        environment.duration("TASK_FAILED_RETENTION", Duration.ofDays(7)),
        environment.duration("TASK_APPROVAL_TIMEOUT", Duration.ofHours(24)),
        circuit(environment),
        null);
  }

  private static CircuitRules circuit(Environment environment) {
    int failures = environment.integer("CIRCUIT_FAILURES", 5, 0, 1_000);
    Duration open = environment.duration("CIRCUIT_OPEN", Duration.ofSeconds(30));
    Duration longest = environment.duration(CIRCUIT_MAX_OPEN, Duration.ofMinutes(5));
    if (!open.isPositive() || longest.compareTo(open) < 0) {
      throw new ConfigurationException(
          CIRCUIT_MAX_OPEN,
          "expected at least CIRCUIT_OPEN, and that above zero; found %s and %s"
              .formatted(longest, open));
    }
    return new CircuitRules(failures, open, longest);
  }

  private static Map<String, String> fallbacks(Environment environment, RoutingTable routes) {
    Map<String, String> fallbacks = environment.pairs(AGENT_FALLBACKS, Map.of());
    fallbacks.forEach((agent, fallback) -> {
      if (!routes.agents().containsAll(List.of(agent, fallback)) || agent.equals(fallback)) {
        throw new ConfigurationException(
            AGENT_FALLBACKS,
            "expected agent=agent with two different agents of %s, found '%s=%s'"
                .formatted(routes.agents(), agent, fallback));
      }
    });
    return fallbacks;
  }

  private static Map<String, QueueSettings> settings(Environment environment, RoutingTable routes) {
    QueueSettings defaults = QueueSettings.from(environment);
    Map<String, QueueSettings> settings = new TreeMap<>();
    routes.agents().forEach(agent -> settings.put(agent, defaults));
    environment
        .pairs(QUEUE_SETTINGS, Map.of())
        .forEach((name, value) -> {
          int dot = name.lastIndexOf('.');
          String queue = dot < 0 ? name : name.substring(0, dot);
          QueueSettings known =
              routes.isQueue(queue)
                  ? settings.getOrDefault(queue, settings.get(RoutingTable.agentOfQueue(queue)))
                  : null;
          if (known == null || dot < 0) {
            throw new ConfigurationException(
                QUEUE_SETTINGS,
                "expected queue.setting=value with a queue of the agents %s, found '%s'"
                    .formatted(routes.agents(), name));
          }
          settings.put(queue, changed(known, name.substring(dot + 1), value));
        });
    return settings;
  }

  private static QueueSettings changed(QueueSettings settings, String name, String value) {
    if (name.equals(QueueSettings.PAUSED)) {
      throw new ConfigurationException(
          QUEUE_SETTINGS, "a queue is paused by a command, not by configuration");
    }
    try {
      return settings.with(Map.of(name, value));
    } catch (ConfigurationException e) {
      throw new ConfigurationException(QUEUE_SETTINGS, String.valueOf(e.getMessage()));
    }
  }
}
