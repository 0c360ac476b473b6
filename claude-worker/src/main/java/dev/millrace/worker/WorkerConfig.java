package dev.millrace.worker;

import dev.millrace.repositories.CommitRequest.Author;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.share.ShareWorkerConfig;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.worker.result.TargetPolicy;
import dev.millrace.worker.run.RunLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a worker does and how much at once.
 *
 * @param agents agents whose work it takes
 * @param slots runs of each agent at once
 * @param stopGrace how long runs may go on when the worker stops
 * @param limits what a run may take
 * @param targets which tasks write files
 * @param author author of commits
 * @param workflowsAllowed whether commits may touch what makes GitHub run code
 * @param name name of this process in events
 */
public record WorkerConfig(
    Set<String> agents,
    int slots,
    Duration stopGrace,
    RunLimits limits,
    TargetPolicy targets,
    Author author,
    boolean workflowsAllowed,
    String name) {

  private static final String AGENTS = "WORKER_AGENTS";
  private static final String GROUP_PREFIX = "millrace-claude-worker-";

  /** Each slot is a consumer with its buffers and threads; three agents make 24 of them. */
  private static final int DEFAULT_SLOTS = 8;

  private static final Duration DEFAULT_RUN_TIMEOUT = Duration.ofMinutes(10);
  private static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(10);
  private static final Duration DEFAULT_STOP_GRACE = Duration.ofSeconds(20);
  private static final Duration END_GRACE = Duration.ofSeconds(5);

  public static WorkerConfig from(Environment environment) {
    return new WorkerConfig(
        agents(environment),
        environment.integer("WORKER_SLOTS", DEFAULT_SLOTS, 1, 512),
        environment.duration("WORKER_STOP_GRACE", DEFAULT_STOP_GRACE),
        new RunLimits(
            positive(environment, "AGENT_RUN_TIMEOUT", DEFAULT_RUN_TIMEOUT),
            positive(environment, "AGENT_HEARTBEAT_INTERVAL", DEFAULT_HEARTBEAT),
            END_GRACE),
        new TargetPolicy(
            Set.copyOf(
                environment.list("AGENT_COMMIT_TASK_TYPES", List.of("documentation", "code")))),
        author(environment),
        environment.bool("AGENT_ALLOW_WORKFLOW_FILES", false),
        environment.optional("WORKER_NAME").orElseGet(WorkerConfig::hostAndPid));
  }

  /**
   * How the assignments of an agent are taken. Each agent has a group and slots of its own, so that
   * an agent that is slow or waits for its provider holds up no other.
   */
  ShareWorkerConfig share(String agent) {
    return new ShareWorkerConfig(
        GROUP_PREFIX + agent,
        List.of(Topics.agentAssignments(agent).name()),
        slots,
        ShareWorkerConfig.DEFAULT_MAX_DELIVERIES,
        stopGrace);
  }

  /** How the commands to runs are taken that a worker only looks at: whether they can be read. */
  ShareWorkerConfig commands() {
    String topic = Topics.AGENT_COMMANDS.name();
    return new ShareWorkerConfig(
        GROUP_PREFIX + topic,
        List.of(topic),
        1,
        ShareWorkerConfig.DEFAULT_MAX_DELIVERIES,
        stopGrace);
  }

  private static Set<String> agents(Environment environment) {
    Set<String> known = RoutingTable.from(environment).agents();
    Set<String> wanted = new TreeSet<>(environment.list(AGENTS, List.copyOf(known)));
    if (!known.containsAll(wanted)) {
      wanted.removeAll(known);
      throw new ConfigurationException(
          AGENTS, "expected agents that TASK_ROUTES names, %s; found %s".formatted(known, wanted));
    }
    return wanted;
  }

  private static Duration positive(Environment environment, String name, Duration defaultValue) {
    Duration value = environment.duration(name, defaultValue);
    if (!value.isPositive()) {
      throw new ConfigurationException(name, "expected a duration above 0, found 0");
    }
    return value;
  }

  private static Author author(Environment environment) {
    String name = environment.string("AGENT_COMMIT_AUTHOR_NAME", "Millrace");
    String email = environment.string("AGENT_COMMIT_AUTHOR_EMAIL", "millrace@localhost");
    try {
      return new Author(name, email);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("AGENT_COMMIT_AUTHOR_NAME", String.valueOf(e.getMessage()));
    }
  }

  private static String hostAndPid() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "localhost";
    }
    return host + ':' + ProcessHandle.current().pid();
  }
}
