package dev.millrace.router.workflow;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How development work goes through several agents.
 *
 * @param enabled whether it does
 * @param taskTypes types of the tasks that begin a flow, if they name a repository and no role
 * @param agents the agent of each role
 * @param maxRounds fix-up rounds that are made without asking
 * @param maxSteps agents that are started for a flow without asking
 * @param autoMerge whether a change that a reviewer approved is merged without asking
 * @param approvalTimeout how long an approval can be given
 * @param retention how long a flow that ended is remembered
 */
public record WorkflowRules(
    boolean enabled,
    Set<String> taskTypes,
    Map<Role, String> agents,
    int maxRounds,
    int maxSteps,
    boolean autoMerge,
    Duration approvalTimeout,
    Duration retention) {

  /** Name under which flows stand where a task has its queue. */
  public static final String QUEUE = "workflow";

  /** Attribute of a task that names the role in which its agent works. */
  public static final String ROLE = "role";

  /** Attribute of a task that a model asked for: one that begins flows could run in circles. */
  private static final String SUBTASK = "subtask_depth";

  private static final String AGENTS = "WORKFLOW_AGENTS";

  /** An id that can be part of a branch's name, and of the ids of its steps. */
  private static final Pattern FLOW_ID = Pattern.compile("[A-Za-z0-9_~-][A-Za-z0-9_.~-]{0,149}");

  public WorkflowRules {
    taskTypes = Set.copyOf(taskTypes);
    agents = Map.copyOf(agents);
  }

  /** Reads {@code USE_MULTI_AGENT_EVENTS} and {@code WORKFLOW_*}. */
  public static WorkflowRules from(Environment environment, RoutingTable routes) {
    return new WorkflowRules(
        environment.bool("USE_MULTI_AGENT_EVENTS", false),
        Set.copyOf(environment.list("WORKFLOW_TASK_TYPES", List.of("code"))),
        agents(environment.pairs(AGENTS, Map.of()), routes),
        environment.integer("WORKFLOW_MAX_ROUNDS", 3, 0, 20),
        environment.integer("WORKFLOW_MAX_STEPS", 30, 5, 500),
        environment.bool("WORKFLOW_AUTO_MERGE", false),
        environment.duration("WORKFLOW_APPROVAL_TIMEOUT", Duration.ofDays(7)),
        environment.duration("TASK_FAILED_RETENTION", Duration.ofDays(7)));
  }

  /** Each role's agent: as configured, else that of its type of task, else any. */
  private static Map<Role, String> agents(Map<String, String> asked, RoutingTable routes) {
    asked.forEach((role, agent) -> {
      if (Role.find(role).isEmpty() || !routes.agents().contains(agent)) {
        throw new ConfigurationException(
            AGENTS,
            "expected role=agent with a role of %s and an agent of %s, found '%s=%s'"
                .formatted(
                    Arrays.stream(Role.values()).map(Role::code).toList(),
                    routes.agents(),
                    role,
                    agent));
      }
    });
    Map<Role, String> agents = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      String usual =
          routes.agentFor(role.taskType()).orElseGet(() -> routes.agents().iterator().next());
      agents.put(role, asked.getOrDefault(role.code(), usual));
    }
    return agents;
  }

  /** The agent that works in a role. */
  String agent(Role role) {
    String agent = agents.get(role);
    if (agent == null) {
      throw new IllegalStateException("no agent works as " + role.code());
    }
    return agent;
  }

  /** Whether a request begins a flow, instead of waiting in a queue. */
  public boolean takes(TaskRequest request) {
    TaskContext context = request.getContext();
    return enabled
        && taskTypes.contains(request.getTaskType())
        && !request.getAttributes().containsKey(ROLE)
        && !request.getAttributes().containsKey(SUBTASK)
        && context != null
        && context.getRepository() != null
        && !context.getRepository().isBlank()
        && !request.getDescription().isBlank()
        && isFlowId(request.getTaskId())
        && StepId.parse(request.getTaskId()).isEmpty();
  }

  static boolean isFlowId(String id) {
    return FLOW_ID.matcher(id).matches() && !id.contains("..");
  }
}
