package dev.millrace.client;

import static dev.millrace.client.Paths.encode;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs of agents, and their logs. */
public final class Agents {

  private final Transport transport;

  Agents(Transport transport) {
    this.transport = transport;
  }

  /**
   * A run of an agent.
   *
   * @param status starting, running, completed, failed, timeout or killed
   */
  public record Agent(
      String id,
      String taskId,
      @Nullable String containerId,
      String status,
      @Nullable String agentType,
      @Nullable Instant startedAt,
      @Nullable Instant completedAt,
      @Nullable Integer exitCode,
      @Nullable String error,
      @Nullable String logs,
      @Nullable JsonNode metadata) {}

  /** A line that an agent logged: on {@code stdout}, {@code stderr} or {@code combined}. */
  public record LogLine(
      long id, String agentId, Instant timestamp, String stream, String content) {}

  /** Which runs; null for all. */
  public record Filter(
      @Nullable String status, @Nullable String agentType, @Nullable String taskId) {

    public static final Filter ALL = new Filter(null, null, null);
  }

  /** Runs that are under way. */
  public record Active(List<String> active, int count) {}

  /** An agent to start: a role such as {@code reviewer}, or the name of an agent. */
  public record Spawn(
      String agentType,
      String prompt,
      @Nullable String title,
      @Nullable String repository,
      @Nullable String branch,
      Map<String, String> attributes) {

    public Spawn(String agentType, String prompt) {
      this(agentType, prompt, null, null, null, Map.of());
    }
  }

  /** An agent that was asked for: its task waits for a slot like every other. */
  public record Spawned(
      boolean success,
      String agentId,
      String taskId,
      String agentType,
      String assignedAgent,
      String status) {}

  /** A command to a run that is on record. */
  public record Commanded(boolean success, String agentId, String taskId, String status) {}

  /** Runs, the newest first. */
  public Page<Agent> list(Filter filter, int limit, Optional<String> cursor) {
    Map<String, @Nullable Object> query = new HashMap<>();
    query.put("status", filter.status());
    query.put("agent_type", filter.agentType());
    query.put("task_id", filter.taskId());
    query.put("limit", limit);
    query.put("cursor", cursor.orElse(null));
    return transport.page(Transport.path("/api/agents", query), "agents", Agent.class);
  }

  public Active active() {
    return transport.get("/api/agents/active", Active.class);
  }

  /** Statistics of the last days. */
  public JsonNode analytics(int days) {
    return transport.get("/api/agents/analytics?days=" + days, JsonNode.class);
  }

  public Agent get(String agentId) {
    return transport.get("/api/agents/" + encode(agentId), Agent.class);
  }

  /** A page of a run's log, in order. */
  public Page<LogLine> logs(String agentId, int limit, Optional<String> cursor) {
    Map<String, @Nullable Object> query = new HashMap<>();
    query.put("limit", limit);
    query.put("cursor", cursor.orElse(null));
    return transport.page(
        Transport.path("/api/agents/" + encode(agentId) + "/logs", query), "logs", LogLine.class);
  }

  /** A run's log from the first line, and on as it grows, to its end. */
  public EventStream followLogs(String agentId) {
    return EventStream.resumable(
        last -> transport.stream("/api/agents/" + encode(agentId) + "/logs", last),
        EventStream.RECONNECT_PAUSE);
  }

  public Spawned spawn(Spawn spawn) {
    Map<String, Object> body = new HashMap<>();
    body.put("agent_type", spawn.agentType());
    body.put("prompt", spawn.prompt());
    if (spawn.title() != null) {
      body.put("title", spawn.title());
    }
    if (spawn.repository() != null) {
      body.put("repository", spawn.repository());
    }
    if (spawn.branch() != null) {
      body.put("branch", spawn.branch());
    }
    if (!spawn.attributes().isEmpty()) {
      body.put("attributes", spawn.attributes());
    }
    return transport.postOnce("/api/agents/spawn", body, null, Spawned.class);
  }

  public Commanded kill(String agentId, @Nullable String reason) {
    return command(agentId, "kill", reason);
  }

  /** Does the task of a run that failed once more. */
  public Commanded retry(String agentId, @Nullable String reason) {
    return command(agentId, "retry", reason);
  }

  private Commanded command(String agentId, String action, @Nullable String reason) {
    return transport.postOnce(
        "/api/agents/" + encode(agentId) + "/" + action,
        reason == null ? Map.of() : Map.of("reason", reason),
        null,
        Commanded.class);
  }
}
