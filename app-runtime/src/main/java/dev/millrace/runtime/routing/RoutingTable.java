package dev.millrace.runtime.routing;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.schemas.catalogue.Topics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which agent does which type of task; the same for all apps of a site.
 *
 * @param agentByTaskType name of the agent, by task type
 */
public record RoutingTable(Map<String, String> agentByTaskType) {

  private static final String VARIABLE = "TASK_ROUTES";

  private static final Map<String, String> DEFAULT_ROUTES = defaultRoutes();

  public RoutingTable {
    agentByTaskType = Map.copyOf(agentByTaskType);
  }

  /** Reads {@code TASK_ROUTES}, {@code type=agent,type=agent}. */
  public static RoutingTable from(Environment environment) {
    RoutingTable table = new RoutingTable(environment.pairs(VARIABLE, DEFAULT_ROUTES));
    for (String agent : table.agents()) {
      try {
        Topics.agentAssignments(agent);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(VARIABLE, String.valueOf(e.getMessage()));
      }
    }
    return table;
  }

  /** The agent for tasks of this type, if there is one. */
  public Optional<String> agentFor(String taskType) {
    return Optional.ofNullable(agentByTaskType.get(taskType));
  }

  /** All agents, in alphabetical order. */
  public Set<String> agents() {
    return new TreeSet<>(agentByTaskType.values());
  }

  /** All task types, in alphabetical order. */
  public Set<String> taskTypes() {
    return new TreeSet<>(agentByTaskType.keySet());
  }

  private static Map<String, String> defaultRoutes() {
    Map<String, String> routes = new LinkedHashMap<>();
    routes.put("documentation", "claude");
    routes.put("code", "claude");
    routes.put("review", "claude");
    routes.put("analysis", "chatgpt");
    routes.put("summary", "chatgpt");
    routes.put("translation", "chatgpt");
    routes.put("platform", "javari");
    routes.put("support", "javari");
    return routes;
  }
}
