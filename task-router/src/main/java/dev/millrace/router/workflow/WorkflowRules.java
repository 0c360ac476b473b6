package dev.millrace.router.workflow;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * How development work, and videos, go through several agents.
 *
 * @param tasks which tasks begin a flow, if any do
 * @param agents the agent of each role
 * @param maxRounds fix-up rounds that are made without asking
 * @param maxSteps agents that are started for a flow without asking
 * @param autoMerge whether a change that a reviewer approved is merged without asking
 * @param approvalTimeout how long an approval can be given
 * @param retention how long a flow that ended is remembered
 */
public record WorkflowRules(
    WorkflowTasks tasks,
    Map<Role, String> agents,
    int maxRounds,
    int maxSteps,
    boolean autoMerge,
    Duration approvalTimeout,
    Duration retention) {

  private static final String AGENTS = "WORKFLOW_AGENTS";

  public WorkflowRules {
    agents = Map.copyOf(agents);
  }

  /** Reads {@code USE_MULTI_AGENT_EVENTS} and {@code WORKFLOW_*}. */
  public static WorkflowRules from(Environment environment, RoutingTable routes) {
    return new WorkflowRules(
        WorkflowTasks.from(environment),
        agents(environment.pairs(AGENTS, Map.of()), routes),
        environment.integer("WORKFLOW_MAX_ROUNDS", 3, 0, 20),
        environment.integer("WORKFLOW_MAX_STEPS", 30, 5, 500),
        environment.bool("WORKFLOW_AUTO_MERGE", false),
        environment.duration("WORKFLOW_APPROVAL_TIMEOUT", Duration.ofDays(7)),
        environment.duration("TASK_FAILED_RETENTION", Duration.ofDays(7)));
  }

  /** Each role's agent: as configured, else that of its usual work, else any. */
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
          routes.agentFor(role.usualWork()).orElseGet(() -> routes.agents().iterator().next());
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

  /** Whether development work goes through several agents. */
  public boolean developsInFlows() {
    return tasks.enabled();
  }

  /** Whether a request begins a flow, instead of waiting in a queue; a step of a flow does not. */
  public boolean takes(TaskRequest request) {
    return tasks.takes(request) && StepId.parse(request.getTaskId()).isEmpty();
  }
}
