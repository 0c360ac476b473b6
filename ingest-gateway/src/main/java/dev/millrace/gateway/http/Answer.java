package dev.millrace.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a route answers, all at once. */
public final class Answer implements Reply {

  private static final String JSON = "application/json";

  private final int status;
  private final String mediaType;
  private final byte[] body;
  private final Map<String, String> headers;

  /**
   * @param status HTTP status
   * @param mediaType media type of the body
   * @param body the body; not copied, and not to be changed any more
   * @param headers further headers
   */
  public Answer(int status, String mediaType, byte[] body, Map<String, String> headers) {
    this.status = status;
    this.mediaType = mediaType;
    this.body = body;
    this.headers = Map.copyOf(headers);
  }

  /** 200 with a JSON body. */
  public static Answer ok(JsonNode body) {
    return json(200, body);
  }

  public static Answer json(int status, JsonNode body) {
    return new Answer(status, JSON, Json.bytes(body), Map.of());
  }

  /** An answer with a JSON body that is already text. */
  public static Answer json(int status, String body) {
    return new Answer(status, JSON, body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** The same with these headers instead. */
  public Answer withHeaders(Map<String, String> replacing) {
    return new Answer(status, mediaType, body, replacing);
  }

  @Override
  public int status() {
    return status;
  }

  public String mediaType() {
    return mediaType;
  }

  byte[] body() {
    return body;
  }

  /** The body of an answer that is text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public Map<String, String> headers() {
    return headers;
  }
}
