package dev.millrace.gateway.event;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.PointInTime;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.read.Cursor;
import dev.millrace.gateway.read.Page;
import dev.millrace.gateway.read.ReadModels;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Past events, the newest first. */
public final class EventReads {

  private static final String LIST =
      EventRows.SELECT
          + """
           WHERE (:type::text IS NULL OR event_type = :type)
             AND (:source::text IS NULL OR source = :source)
             AND (:task::text IS NULL OR task_id = :task)
             AND (:trace::text IS NULL OR trace_id = :trace)
             AND (:since::timestamptz IS NULL OR "timestamp" >= :since::timestamptz)
             AND (:before::bigint IS NULL OR id < :before::bigint)
           ORDER BY id DESC
           LIMIT :limit
          """;

  private final Access access;
  private final ReadModels reads;

  public EventReads(Access access, ReadModels reads) {
    this.access = access;
    this.reads = reads;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/events", this::list));
  }

  private Answer list(Call call) {
    access.operator(call);
    int limit = call.queryInteger("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    Map<String, @Nullable Object> bindings = new HashMap<>();
    bindings.put("type", call.query("type").orElse(null));
    bindings.put("source", call.query("source").orElse(null));
    bindings.put("task", call.query("task_id").orElse(null));
    bindings.put("trace", call.query("trace_id").orElse(null));
    bindings.put("since", since(call).map(Instant::toString).orElse(null));
    bindings.put("before", Cursor.number(call).orElse(null));
    bindings.put("limit", limit + 1);
    Page page =
        Page.of(
            reads.rows(LIST, bindings),
            limit,
            row -> new Cursor(List.of(row.required("id").asString())));
    return Answer.ok(page.body("events"));
  }

  private static Optional<Instant> since(Call call) {
    return call.query("since").map(text -> PointInTime.parse("since", text));
  }
}
