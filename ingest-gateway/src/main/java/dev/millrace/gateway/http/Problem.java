package dev.millrace.gateway.http;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Why a request was refused, as of <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>.
 *
 * @param status HTTP status
 * @param slug stable name of the kind of problem; the last part of its {@code type}
 * @param title the kind of problem in words
 * @param detail this occurrence in words: what was expected, what was found, what to do
 * @param errors the fields that are wrong
 * @param headers headers of the answer, for example {@code Retry-After}
 */
public record Problem(
    int status,
    String slug,
    String title,
    String detail,
    List<FieldError> errors,
    Map<String, String> headers) {

  /** Media type of a problem. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPE_PREFIX = "urn:millrace:problem:";

  public Problem {
    errors = List.copyOf(errors);
    headers = Map.copyOf(headers);
  }

  Problem(int status, String slug, String title, String detail) {
    this(status, slug, title, detail, List.of(), Map.of());
  }

  /** The body. */
  public ObjectNode body(String instance) {
    ObjectNode body =
        Json.object()
            .put("type", TYPE_PREFIX + slug)
            .put("title", title)
            .put("status", status)
            .put("detail", detail)
            .put("instance", instance);
    if (!errors.isEmpty()) {
      ArrayNode list = body.putArray("errors");
      errors.forEach(
          error -> list.addObject().put("field", error.field()).put("reason", error.reason()));
    }
    return body;
  }

  /** The answer to a request for this path. */
  public Answer answer(String instance) {
    return new Answer(status, MEDIA_TYPE, Json.bytes(body(instance)), headers);
  }
}
