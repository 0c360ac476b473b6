package dev.millrace.gateway.task;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.event.EventRows;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Reply;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.read.Cursor;
import dev.millrace.gateway.read.Page;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.gateway.stream.RowStreams;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** The events of a task, in order: a page of them, or all as they come. */
public final class TaskStream {

  private static final Set<String> FINAL = Set.of("completed", "failed", "cancelled");
  private static final int BATCH = 500;

  private static final String AFTER =
      "SELECT "
          + EventRows.COLUMNS
          + """

            FROM public.ai_events
           WHERE task_id = :task AND id > :after
           ORDER BY id
           LIMIT :limit
          """;

  private final Access access;
  private final ReadModels reads;
  private final TaskReads tasks;
  private final RowStreams streams;

  public TaskStream(Access access, ReadModels reads, TaskReads tasks, RowStreams streams) {
    this.access = access;
    this.reads = reads;
    this.tasks = tasks;
    this.streams = streams;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/tasks/{id}/events", this::events));
  }

  private Reply events(Call call) {
    access.stream(call);
    String task = call.parameter("id");
    tasks.current(task);
    return RowStreams.wanted(call)
        ? streams.follow(call, after -> batch(task, after))
        : page(call, task);
  }

  private Answer page(Call call, String task) {
    int limit = call.queryInteger("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    long after = Cursor.number(call).orElse(-1L);
    Page page =
        Page.of(
            rows(task, after, limit + 1),
            limit,
            row -> new Cursor(List.of(row.required("id").asString())));
    return Answer.ok(page.body("events"));
  }

  private RowStreams.Batch batch(String task, long after) {
    boolean ended = FINAL.contains(tasks.current(task).required("status").stringValue());
    return new RowStreams.Batch(
        rows(task, after, BATCH).stream()
            .map(row ->
                new RowStreams.Row(
                    row.required("id").longValue(),
                    row.required("event_type").stringValue(),
                    row.toString()))
            .toList(),
        ended);
  }

  private List<ObjectNode> rows(String task, long after, int limit) {
    return reads.rows(AFTER, Map.of("task", task, "after", after, "limit", limit));
  }
}
