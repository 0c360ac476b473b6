package dev.millrace.gateway.read;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A list of rows, the newest first, that clients filter and go through page by page. Its SQL binds
 * {@code :status}, each filter, {@code :before} and {@code :beforeId} (the row that the last page
 * ended with; null for the first) and {@code :limit}.
 *
 * @param sql the query, ordered by time and id, both descending
 * @param time column of the time, in ISO 8601; a row may have none, and then comes first
 * @param id column of the id
 * @param statuses what {@code status} may be
 * @param filters further bindings, by the query parameters that set them
 */
public record NewestFirst(
    String sql, String time, String id, Set<String> statuses, Map<String, String> filters) {

  private static final String NOT_YET = "infinity";

  public NewestFirst {
    statuses = Set.copyOf(statuses);
    filters = Map.copyOf(filters);
  }

  /**
   * The page that a call asks for.
   *
   * @throws ProblemException 400 if a parameter makes no sense
   */
  public Page page(Call call, ReadModels reads) {
    int limit = call.queryInteger("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    Optional<Cursor> cursor = Cursor.of(call, 2);
    Map<String, @Nullable Object> bindings = new HashMap<>();
    bindings.put("status", status(call).orElse(null));
    filters.forEach(
        (parameter, binding) -> bindings.put(binding, call.query(parameter).orElse(null)));
    bindings.put("before", cursor.map(c -> c.time(0)).orElse(null));
    bindings.put("beforeId", cursor.map(c -> c.parts().get(1)).orElse(null));
    bindings.put("limit", limit + 1);
    return Page.of(
        reads.rows(sql, bindings),
        limit,
        row ->
            new Cursor(List.of(row.path(time).asString(NOT_YET), row.required(id).stringValue())));
  }

  private Optional<String> status(Call call) {
    Optional<String> status = call.query("status").map(text -> text.toLowerCase(Locale.ROOT));
    if (status.isPresent() && !statuses.contains(status.get())) {
      throw ProblemException.invalid(
          "status", "expected one of " + String.join(", ", statuses.stream().sorted().toList()));
    }
    return status;
  }
}
