package dev.millrace.gateway.read;

import dev.millrace.gateway.http.Json;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * A page of a list.
 *
 * @param rows rows of the page
 * @param next where the next page begins; empty at the end
 */
public record Page(List<ObjectNode> rows, String next) {

  public static final int DEFAULT_LIMIT = 50;
  public static final int MAX_LIMIT = 500;

  public Page {
    rows = List.copyOf(rows);
  }

  /**
   * Makes a page of rows of which one more than fit was asked for.
   *
   * @param cursor tells where a row stands
   */
  public static Page of(List<ObjectNode> found, int limit, Function<ObjectNode, Cursor> cursor) {
    if (found.size() <= limit) {
      return new Page(found, "");
    }
    List<ObjectNode> rows = found.subList(0, limit);
    return new Page(rows, cursor.apply(rows.getLast()).text());
  }

  /** The body of an answer. */
  public ObjectNode body(String name) {
    ObjectNode body = Json.object();
    body.putArray(name).addAll(rows);
    if (next.isEmpty()) {
      body.putNull("next_cursor");
    } else {
      body.put("next_cursor", next);
    }
    return body;
  }
}
