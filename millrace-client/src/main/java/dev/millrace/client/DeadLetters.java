package dev.millrace.client;

import static dev.millrace.client.Paths.encode;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What could not be processed, and what is done about it. */
public final class DeadLetters {

  private final Transport transport;

  DeadLetters(Transport transport) {
    this.transport = transport;
  }

  /** Which letters; null for all. */
  public record Filter(
      @Nullable String status,
      @Nullable String topic,
      @Nullable String app,
      @Nullable String error) {

    public static final Filter ALL = new Filter(null, null, null, null);

    private Map<String, @Nullable Object> query() {
      Map<String, @Nullable Object> query = new HashMap<>();
      query.put("status", status);
      query.put("topic", topic);
      query.put("app", app);
      query.put("error", error);
      return query;
    }
  }

  /** Letters, the newest first, as the API describes them. */
  public Page<JsonNode> list(Filter filter, int limit, Optional<String> cursor) {
    Map<String, @Nullable Object> query = filter.query();
    query.put("limit", limit);
    query.put("cursor", cursor.orElse(null));
    return transport.page(
        Transport.path("/api/dead-letters", query), "dead_letters", JsonNode.class);
  }

  public JsonNode get(String id) {
    return transport.get("/api/dead-letters/" + encode(id), JsonNode.class);
  }

  /**
   * Sends a letter back to its topic.
   *
   * @param corrected the value to send instead; null sends it as it was
   */
  public JsonNode sendBack(String id, String reason, @Nullable Map<String, ?> corrected) {
    Map<String, Object> body = new HashMap<>();
    body.put("reason", reason);
    if (corrected != null) {
      body.put("value", corrected);
    }
    return transport.post("/api/dead-letters/" + encode(id) + "/send-back", body, JsonNode.class);
  }

  public JsonNode discard(String id, String reason) {
    return transport.post(
        "/api/dead-letters/" + encode(id) + "/discard", Map.of("reason", reason), JsonNode.class);
  }

  /** Sends all letters that fit back to their topics. */
  public JsonNode sendBackAll(Filter filter, String reason) {
    return all("send-back", filter, reason);
  }

  public JsonNode discardAll(Filter filter, String reason) {
    return all("discard", filter, reason);
  }

  private JsonNode all(String action, Filter filter, String reason) {
    Map<String, Object> which = new HashMap<>();
    filter
        .query()
        .forEach((name, value) -> {
          if (value != null) {
            which.put(name, value);
          }
        });
    return transport.post(
        "/api/dead-letters/" + action, Map.of("reason", reason, "filter", which), JsonNode.class);
  }
}
