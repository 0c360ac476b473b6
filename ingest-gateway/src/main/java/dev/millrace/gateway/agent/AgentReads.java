package dev.millrace.gateway.agent;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Reply;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.read.Cursor;
import dev.millrace.gateway.read.NewestFirst;
import dev.millrace.gateway.read.Page;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.gateway.stream.RowStreams;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Agents: every run of one, the newest first and those to come before them, and what it logged. */
public final class AgentReads {

  private static final Set<String> STATUSES =
      Set.of("starting", "running", "completed", "failed", "timeout", "killed");
  private static final Set<String> ACTIVE = Set.of("starting", "running");
  private static final int BATCH = 500;

  /** Calls are counted by the task too: that is what the costs have an index on. */
  private static final String COLUMNS =
      """
      SELECT a.id, a.task_id, a.container_id, a.status, a.agent_type, a.started_at,
             a.completed_at, a.exit_code, a.error, a.logs,
             a.metadata || jsonb_build_object(
               'api_calls',
               (SELECT count(*) FROM public.cost_tracking c
                 WHERE c.task_id = a.task_id AND c.run_id = a.id)) AS metadata,
             a.trace_id
        FROM public.agents a
      """;

  private static final NewestFirst LIST =
      new NewestFirst(
          List.of(COLUMNS, PendingAgents.ROWS),
          "started_at",
          "id",
          STATUSES,
          Map.of("agent_type", "agent_type", "task_id", "task_id"));

  private static final String ACTIVE_IDS =
      """
      SELECT a.id FROM public.agents a
        JOIN public.ai_tasks t ON t.task_id = a.task_id AND t.run_id = a.id
       WHERE a.status IN ('starting', 'running') AND t.status IN ('assigned', 'in_progress')
      UNION ALL
      %s
       ORDER BY id LIMIT 10000
      """
          .formatted(PendingAgents.IDS);

  private static final String FIND = COLUMNS + " WHERE a.id = :id";

  private static final String LOGS =
      """
      SELECT DISTINCT ON (sequence) sequence AS id, agent_id, "timestamp", stream, content
        FROM public.agent_logs
       WHERE agent_id = :id AND sequence > :after
       ORDER BY sequence, agent_logs.id
       LIMIT :limit
      """;

  private final Access access;
  private final ReadModels reads;
  private final PendingAgents pending;
  private final RowStreams streams;

  public AgentReads(Access access, ReadModels reads, PendingAgents pending, RowStreams streams) {
    this.access = access;
    this.reads = reads;
    this.pending = pending;
    this.streams = streams;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/agents", this::list),
        Route.get("/api/agents/active", this::active),
        Route.get("/api/agents/{id}", this::get),
        Route.get("/api/agents/{id}/logs", this::logs));
  }

  private Answer list(Call call) throws InterruptedException {
    access.operator(call);
    pending.awaitMirrored();
    return Answer.ok(LIST.page(call, reads).body("agents"));
  }

  private Answer active(Call call) throws InterruptedException {
    access.operator(call);
    pending.awaitMirrored();
    ObjectNode body = Json.object();
    ArrayNode ids = body.putArray("active");
    reads.rows(ACTIVE_IDS, Map.of()).forEach(row -> ids.add(row.required("id")));
    return Answer.ok(body.put("count", ids.size()));
  }

  private Answer get(Call call) {
    access.operator(call);
    ObjectNode agent = find(call.parameter("id"));
    StringBuilder logs = new StringBuilder();
    rows(call.parameter("id"), -1, BATCH)
        .forEach(row -> logs.append(row.required("content").stringValue()).append('\n'));
    return Answer.ok(agent.put("logs", logs.toString()));
  }

  /**
   * A run, or one to come.
   *
   * @throws ProblemException 404 if there is no such run
   */
  ObjectNode find(String id) {
    return dispatched(id)
        .or(() -> pending.find(id))
        .orElseThrow(() -> ProblemException.notFound("there is no agent " + id));
  }

  /** A run that the router dispatched. */
  Optional<ObjectNode> dispatched(String id) {
    return reads.rows(FIND, Map.of("id", id)).stream().findFirst();
  }

  static boolean isActive(ObjectNode agent) {
    return ACTIVE.contains(agent.required("status").stringValue());
  }

  private Reply logs(Call call) {
    access.stream(call);
    String id = call.parameter("id");
    find(id);
    return RowStreams.wanted(call) ? streams.follow(call, after -> batch(id, after)) : page(call);
  }

  private Answer page(Call call) {
    int limit = call.queryInteger("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    Page page =
        Page.of(
            rows(call.parameter("id"), Cursor.number(call).orElse(-1L), limit + 1),
            limit,
            row -> new Cursor(List.of(row.required("id").asString())));
    return Answer.ok(page.body("logs"));
  }

  private RowStreams.Batch batch(String id, long after) {
    boolean ended = !isActive(find(id));
    return new RowStreams.Batch(
        rows(id, after, BATCH).stream()
            .map(row -> new RowStreams.Row(row.required("id").longValue(), "log", row.toString()))
            .toList(),
        ended);
  }

  private List<ObjectNode> rows(String id, long after, int limit) {
    return reads.rows(LOGS, Map.of("id", id, "after", after, "limit", limit));
  }
}
