package dev.millrace.client;

import static dev.millrace.client.Paths.encode;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Queues: what waits, how they are set, commands to them. */
public final class Queues {

  private final Transport transport;

  Queues(Transport transport) {
    this.transport = transport;
  }

  /**
   * What waits, and what was completed of late.
   *
   * @param items waiting and running tasks, in the order of their queues
   * @param completed tasks that ended
   * @param settings settings of the queue that was asked for, or of all
   * @param queues every queue and how full it is
   */
  public record Status(
      JsonNode items,
      JsonNode completed,
      JsonNode settings,
      JsonNode queues,
      @Nullable String nextCursor) {}

  /** A change or a command that is on record. */
  public record Done(
      boolean success,
      @Nullable String queue,
      @Nullable String taskId,
      @Nullable String status,
      @Nullable Map<String, String> settings) {}

  /** The state of a queue; null for all. */
  public Status status(@Nullable String queue, int limit, Optional<String> cursor) {
    Map<String, @Nullable Object> query = new HashMap<>();
    query.put("queue", queue);
    query.put("limit", limit);
    query.put("cursor", cursor.orElse(null));
    return transport.get(Transport.path("/api/queue", query), Status.class);
  }

  /** The settings of a queue, or with null those that hold everywhere and of every queue. */
  public JsonNode settings(@Nullable String queue) {
    Map<String, @Nullable Object> query = new HashMap<>();
    query.put("queue", queue);
    return transport.get(Transport.path("/api/queue/settings", query), JsonNode.class);
  }

  /** Changes settings of a queue, for example {@code Map.of("max_concurrent", 4)}. */
  public Done change(String queue, Map<String, ?> settings) {
    Map<String, Object> body = new HashMap<>(settings);
    body.put("queue", queue);
    return transport.postOnce("/api/queue/settings", body, null, Done.class);
  }

  /** Puts a task that failed or was cancelled back into its queue. */
  public Done add(String taskId) {
    return transport.postOnce("/api/queue/add/" + encode(taskId), null, null, Done.class);
  }

  /** Takes a waiting task out of its queue. */
  public Done remove(String taskId) {
    return transport.deleteOnce("/api/queue/" + encode(taskId), Done.class);
  }

  /** Forgets tasks that ended; null stands for every queue. */
  public Done clear(@Nullable String queue) {
    return scope("clear", queue);
  }

  /** Starts no more tasks; null stands for every queue. */
  public Done pause(@Nullable String queue) {
    return scope("pause", queue);
  }

  public Done resume(@Nullable String queue) {
    return scope("resume", queue);
  }

  private Done scope(String action, @Nullable String queue) {
    return transport.postOnce(
        "/api/queue/" + action,
        queue == null ? Map.of() : Map.of("queue", queue),
        null,
        Done.class);
  }
}
