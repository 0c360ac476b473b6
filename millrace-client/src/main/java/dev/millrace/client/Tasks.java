package dev.millrace.client;

import static dev.millrace.client.Paths.encode;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tasks: ask for one, look at it, operate it. */
public final class Tasks {

  private static final Set<String> ENDS = Set.of("completed", "failed", "cancelled");
  private static final Duration POLL = Duration.ofMillis(250);

  private final Transport transport;

  Tasks(Transport transport) {
    this.transport = transport;
  }

  /** A task that was accepted. */
  public record Accepted(boolean success, String taskId, String assignedAgent, String status) {}

  /**
   * A task as it stands.
   *
   * @param status pending, queued, assigned, in_progress, paused, completed, failed or cancelled
   * @param result its result as JSON, when it has completed
   * @param waitingFor {@code approval} if it is paused because it asks for one
   * @param history its events; only of a single task
   */
  public record Task(
      String taskId,
      @Nullable String taskType,
      @Nullable String title,
      @Nullable String description,
      @Nullable String priority,
      String status,
      @Nullable String agent,
      @Nullable String queue,
      @Nullable String repository,
      @Nullable String filePath,
      @Nullable String branch,
      int attempt,
      @Nullable String runId,
      @Nullable String reason,
      @Nullable JsonNode result,
      @Nullable String tenant,
      @Nullable String parentTaskId,
      @Nullable String traceId,
      @Nullable String commitSha,
      @Nullable String commitUrl,
      @Nullable Instant createdAt,
      @Nullable Instant completedAt,
      @Nullable String waitingFor,
      @Nullable List<Events.Recorded> history) {

    /** Whether nothing more happens to it by itself. */
    public boolean hasEnded() {
      return ENDS.contains(status);
    }
  }

  /**
   * Which tasks; null for all.
   *
   * @param waitingFor {@code approval} for those that ask for one
   */
  public record Filter(
      @Nullable String status,
      @Nullable String agent,
      @Nullable String taskType,
      @Nullable String waitingFor) {

    public static final Filter ALL = new Filter(null, null, null, null);
  }

  /** A command that is on record. */
  public record Commanded(
      boolean success, String taskId, String action, String commandId, String status) {}

  /**
   * A task that was processed on demand.
   *
   * @param status where it stands, if it had not ended when the gateway answered
   */
  public record Processed(
      boolean success,
      @JsonProperty("taskId") String taskId,
      @Nullable String commitSha,
      @Nullable String githubUrl,
      @Nullable String status) {}

  /** Asks for a task. Calls that have to be repeated are one task. */
  public Accepted submit(NewTask task) {
    return transport.postOnce("/api/orchestrator", task.body(), null, Accepted.class);
  }

  /**
   * Asks for a task.
   *
   * @param idempotencyKey calls with the same key within 24 hours are one task
   */
  public Accepted submit(NewTask task, String idempotencyKey) {
    return transport.postOnce("/api/orchestrator", task.body(), idempotencyKey, Accepted.class);
  }

  /**
   * Asks for a video; its task's result has the script, the storyboard and the media. Calls that
   * have to be repeated are one task.
   *
   * @param userId the user it is for; with a token, its subject
   * @param message what the video is to be about, in words
   */
  public Accepted createVideo(String userId, String message) {
    return transport.postOnce(
        "/api/orchestrator/create-video",
        Map.of("userId", userId, "message", message),
        null,
        Accepted.class);
  }

  /**
   * Waits at the gateway for the next task of the agent claude, and tells its commit. Tasks are
   * done as they come; this is for those who want to see one through.
   *
   * @param taskId a certain task; null is the one that is next
   */
  public Processed processNext(@Nullable String taskId) {
    return transport.post(
        "/functions/v1/processClaudeTask",
        taskId == null ? Map.of() : Map.of("taskId", taskId),
        Processed.class);
  }

  /** Tasks, the newest first. */
  public Page<Task> list(Filter filter, int limit, Optional<String> cursor) {
    Map<String, @Nullable Object> query = new HashMap<>();
    query.put("status", filter.status());
    query.put("agent", filter.agent());
    query.put("taskType", filter.taskType());
    query.put("waitingFor", filter.waitingFor());
    query.put("limit", limit);
    query.put("cursor", cursor.orElse(null));
    return transport.page(Transport.path("/api/tasks", query), "tasks", Task.class);
  }

  /** A task with its history. */
  public Task get(String taskId) {
    return transport.get("/api/tasks/" + encode(taskId), Task.class);
  }

  /**
   * Waits until a task has ended.
   *
   * @throws MillraceException if it has not within the time
   */
  public Task awaitEnd(String taskId, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      Task task = get(taskId);
      if (task.hasEnded()) {
        return task;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw MillraceException.noAnswer(
            "task %s is still %s after %s".formatted(taskId, task.status(), timeout), null);
      }
      Transport.pause(POLL);
    }
  }

  /** A page of a task's events, in order. */
  public Page<Events.Recorded> events(String taskId, int limit, Optional<String> cursor) {
    Map<String, @Nullable Object> query = new HashMap<>();
    query.put("limit", limit);
    query.put("cursor", cursor.orElse(null));
    return transport.page(
        Transport.path("/api/tasks/" + encode(taskId) + "/events", query),
        "events",
        Events.Recorded.class);
  }

  /** A task's events from the first, and on as they come, to its end. */
  public EventStream follow(String taskId) {
    return EventStream.resumable(
        last -> transport.stream("/api/tasks/" + encode(taskId) + "/events", last),
        EventStream.RECONNECT_PAUSE);
  }

  public Commanded cancel(String taskId, @Nullable String reason) {
    return command(taskId, "cancel", reason);
  }

  public Commanded retry(String taskId, @Nullable String reason) {
    return command(taskId, "retry", reason);
  }

  public Commanded pause(String taskId, @Nullable String reason) {
    return command(taskId, "pause", reason);
  }

  public Commanded resume(String taskId, @Nullable String reason) {
    return command(taskId, "resume", reason);
  }

  /** Lets a task go on that asks for an approval. */
  public Commanded approve(String taskId, @Nullable String reason) {
    return command(taskId, "approve", reason);
  }

  private Commanded command(String taskId, String action, @Nullable String reason) {
    return transport.postOnce(
        "/api/tasks/" + encode(taskId) + "/" + action,
        reason == null ? Map.of() : Map.of("reason", reason),
        null,
        Commanded.class);
  }
}
