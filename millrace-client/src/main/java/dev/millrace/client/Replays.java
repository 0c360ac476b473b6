package dev.millrace.client;

import static dev.millrace.client.Paths.encode;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Replays of records: written again to their topics, to another or to a file. */
public final class Replays {

  private final Transport transport;

  Replays(Transport transport) {
    this.transport = transport;
  }

  /** A replay that is on record. */
  public record Started(String replayId, String status) {}

  public JsonNode list(int limit) {
    return transport.get("/api/replays?limit=" + limit, JsonNode.class);
  }

  /**
   * Starts a replay.
   *
   * @param request what is replayed, with the names of the API: {@code topics}, {@code from},
   *     {@code to}, {@code sql}, {@code dryRun}, {@code reason}, ...
   */
  public Started start(Map<String, ?> request) {
    return transport.post("/api/replays", request, Started.class);
  }

  public JsonNode get(String replayId) {
    return transport.get("/api/replays/" + encode(replayId), JsonNode.class);
  }

  public JsonNode cancel(String replayId, String reason) {
    return transport.post(
        "/api/replays/" + encode(replayId) + "/cancel", Map.of("reason", reason), JsonNode.class);
  }
}
