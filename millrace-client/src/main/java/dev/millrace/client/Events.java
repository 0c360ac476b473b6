package dev.millrace.client;

import static dev.millrace.client.Paths.encode;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Events: recorded ones, live ones, and own ones with marks. */
public final class Events {

  private final Transport transport;

  Events(Transport transport) {
    this.transport = transport;
  }

  /** An event of the audit record. */
  public record Recorded(
      long id,
      @Nullable String eventId,
      String eventType,
      @Nullable String source,
      @Nullable String subject,
      @Nullable String taskId,
      @Nullable String priority,
      @Nullable JsonNode data,
      @Nullable String traceId,
      @Nullable Instant timestamp,
      @Nullable Boolean processed) {}

  /** Which events; null for all. */
  public record Filter(
      @Nullable String type,
      @Nullable String source,
      @Nullable String taskId,
      @Nullable String traceId,
      @Nullable Instant since) {

    public static final Filter ALL = new Filter(null, null, null, null, null);
  }

  /** An event that was written. */
  public record Created(
      boolean success,
      String eventId,
      @JsonProperty("eventType") String eventType,
      boolean processed) {}

  /** An event that was marked. */
  public record Marked(boolean success, String eventId, boolean processed) {}

  /** A token for streams, for pages that cannot send headers. */
  public record StreamToken(String accessToken, String tokenType, int expiresIn) {}

  /** Recorded events, the newest first. */
  public Page<Recorded> list(Filter filter, int limit, Optional<String> cursor) {
    Map<String, @Nullable Object> query = new HashMap<>();
    query.put("type", filter.type());
    query.put("source", filter.source());
    query.put("task_id", filter.taskId());
    query.put("trace_id", filter.traceId());
    query.put("since", filter.since());
    query.put("limit", limit);
    query.put("cursor", cursor.orElse(null));
    return transport.page(Transport.path("/api/events", query), "events", Recorded.class);
  }

  /** Events of clients and platforms that nobody has marked yet. */
  public Page<Recorded> pending(int limit, Optional<String> cursor) {
    return marked("pending", limit, cursor);
  }

  public Page<Recorded> processed(int limit, Optional<String> cursor) {
    return marked("processed", limit, cursor);
  }

  private Page<Recorded> marked(String which, int limit, Optional<String> cursor) {
    Map<String, @Nullable Object> query = new HashMap<>();
    query.put("limit", limit);
    query.put("cursor", cursor.orElse(null));
    return transport.page(Transport.path("/api/events/" + which, query), "events", Recorded.class);
  }

  public Recorded get(String id) {
    return transport.get("/api/events/" + encode(id), Recorded.class);
  }

  /** Writes an event, for example {@code deploy.requested}. It may be written twice if repeated. */
  public Created create(String eventType, String source, Map<String, ?> data) {
    return transport.post(
        "/api/events",
        Map.of("eventType", eventType, "source", source, "data", data),
        Created.class);
  }

  public Marked markProcessed(String id) {
    return transport.post("/api/events/" + encode(id) + "/processed", Map.of(), Marked.class);
  }

  /**
   * Events of these topics as they come, from now on; of all topics for none. A connection that
   * breaks is an exception, because what came in between is not sent again.
   */
  public EventStream follow(List<String> topics) {
    Map<String, @Nullable Object> query = new HashMap<>();
    query.put("topics", topics.isEmpty() ? null : String.join(",", topics));
    return EventStream.fromNow(
        () -> transport.stream(Transport.path("/api/events/stream", query), Optional.empty()));
  }

  public StreamToken streamToken() {
    return transport.post("/api/events/stream-token", Map.of(), StreamToken.class);
  }
}
