package dev.millrace.gateway.read;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A list of rows, the newest first, that clients filter and go through page by page. Rows of the
 * same time are in the order of their ids, rows that have no time yet come first.
 */
public final class NewestFirst {

  private static final String NOT_YET = "infinity";

  private final String sql;
  private final String time;
  private final String id;
  private final Set<String> statuses;
  private final Map<String, String> filters;

  /**
   * @param rows query of all rows, with a column {@code status}
   * @param time column of the time
   * @param id column of the id
   * @param statuses what {@code status} may be
   * @param filters further columns of which clients may ask for one value, by query parameter
   */
  public NewestFirst(
      String rows, String time, String id, Set<String> statuses, Map<String, String> filters) {
    this(List.of(rows), time, id, statuses, filters);
  }

  /** The same, of rows that several queries have. */
  public NewestFirst(
      List<String> rows,
      String time,
      String id,
      Set<String> statuses,
      Map<String, String> filters) {
    String order = "ORDER BY %s DESC NULLS FIRST, %s DESC LIMIT :limit".formatted(time, id);
    String matching = matching(time, id, filters.values());
    this.sql =
        rows.stream()
            .map(part -> "(SELECT * FROM (%s) part WHERE %s %s)".formatted(part, matching, order))
            .collect(Collectors.joining("\nUNION ALL\n", "SELECT * FROM (", ") listed " + order));
    this.time = time;
    this.id = id;
    this.statuses = Set.copyOf(statuses);
    this.filters = Map.copyOf(filters);
  }

  /** Bound are the filters by their columns, and the row that the last page ended with. */
  private static String matching(String time, String id, Collection<String> filters) {
    String matches =
        Stream.concat(Stream.of("status"), filters.stream())
            .map(column -> "(:%1$s::text IS NULL OR %1$s = :%1$s)".formatted(column))
            .collect(Collectors.joining(" AND "));
    return """
           %1$s
       AND (:before::timestamptz IS NULL
            OR (%2$s, %3$s) < (:before::timestamptz, :beforeId)
            OR %2$s IS NULL AND :before::timestamptz = '%4$s' AND %3$s < :beforeId)
    """
        .formatted(matches, time, id, NOT_YET);
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
        (parameter, column) -> bindings.put(column, call.query(parameter).orElse(null)));
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
