package dev.millrace.runtime.routing;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.schemas.catalogue.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which agent does which type of task, and in which queue the task waits for it; the same for all
 * apps of a site.
 *
 * @param agentByTaskType name of the agent, by task type
 * @param byTenant agents that have a queue for each tenant besides the one of their name
 */
public record RoutingTable(Map<String, String> agentByTaskType, Set<String> byTenant) {

  /** Queue of a command that is meant for all of them, or for whichever has the task. */
  public static final String EVERY_QUEUE = "*";

  private static final String VARIABLE = "TASK_ROUTES";
  private static final String TENANT_QUEUES = "TASK_TENANT_QUEUES";

  /** Stands between agent and tenant in the name of a queue; no agent's name has it. */
  private static final char OF_TENANT = '@';

  /** Longest name of a tenant, in characters. */
  private static final int MAX_TENANT = 100;

  private static final Map<String, String> DEFAULT_ROUTES = defaultRoutes();

  public RoutingTable {
    agentByTaskType = Map.copyOf(agentByTaskType);
    byTenant = Set.copyOf(byTenant);
  }

  /** A table in which every agent has one queue. */
  public RoutingTable(Map<String, String> agentByTaskType) {
    this(agentByTaskType, Set.of());
  }

  /**
   * Reads {@code TASK_ROUTES}, {@code type=agent,type=agent}, and {@code TASK_TENANT_QUEUES}, a
   * list of agents.
   */
  public static RoutingTable from(Environment environment) {
    RoutingTable table =
        new RoutingTable(
            environment.pairs(VARIABLE, DEFAULT_ROUTES),
            Set.copyOf(environment.list(TENANT_QUEUES, List.of())));
    for (String agent : table.agents()) {
      try {
        Topics.agentAssignments(agent);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(VARIABLE, String.valueOf(e.getMessage()));
      }
    }
    if (!table.agents().containsAll(table.byTenant)) {
      throw new ConfigurationException(
          TENANT_QUEUES,
          "expected agents of %s, found %s".formatted(table.agents(), table.byTenant));
    }
    return table;
  }

  /**
   * The queue in which a task waits for its agent.
   *
   * @param tenant whose task it is, if it is anybody's
   */
  public String queueFor(String agent, @Nullable String tenant) {
    return tenant == null || tenant.isBlank() || !byTenant.contains(agent)
        ? agent
        : agent + OF_TENANT + tenant;
  }

  /** Whether there is, or may be, a queue of this name. */
  public boolean isQueue(String name) {
    String agent = agentOfQueue(name);
    return agents().contains(agent)
        && (agent.equals(name)
            || (byTenant.contains(agent) && isTenant(name.substring(agent.length() + 1))));
  }

  /** The agent that does the tasks of a queue. */
  public static String agentOfQueue(String name) {
    int end = name.indexOf(OF_TENANT);
    return end < 0 ? name : name.substring(0, end);
  }

  /** Whether a tenant may be called so: 1 to 100 characters, none of them a control character. */
  public static boolean isTenant(String name) {
    return !name.isBlank()
        && name.length() <= MAX_TENANT
        && name.chars().noneMatch(Character::isISOControl);
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
