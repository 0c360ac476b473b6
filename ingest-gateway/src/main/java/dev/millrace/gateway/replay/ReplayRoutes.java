package dev.millrace.gateway.replay;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.auth.ActingPerson;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.read.Page;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.replay.ReplayAction;
import dev.millrace.schemas.replay.ReplayCommand;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replays. A request becomes a command on its topic; the audit sink carries it out and keeps in
 * Postgres how far it is, from where it is read here.
 */
public final class ReplayRoutes {

  private static final String COLUMNS =
      """
      SELECT id AS replay_id, status, reason, requested_by, requested_at, started_at, finished_at,
             total, seen, matched, redacted, written,
             CASE WHEN status = 'completed' THEN 100
                  WHEN total > 0 THEN round(100.0 * least(seen, total) / total, 1)
             END AS percent,
             file, error, request, sample, trace_id
        FROM audit.replays
      """;

  private static final String LIST = COLUMNS + " ORDER BY requested_at DESC LIMIT :limit";
  private static final String FIND = COLUMNS + " WHERE id = :id";

  private final Access access;
  private final BodyReader requests;
  private final BodyReader cancellations;
  private final EventSink sink;
  private final ReadModels reads;

  public ReplayRoutes(Access access, Bodies bodies, EventSink sink, ReadModels reads) {
    this.access = access;
    this.requests = bodies.of("ReplaySubmission");
    this.cancellations = bodies.of("OperatorReason");
    this.sink = sink;
    this.reads = reads;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/replays", this::list),
        Route.post("/api/replays", this::start),
        Route.get("/api/replays/{id}", this::get),
        Route.post("/api/replays/{id}/cancel", this::cancel));
  }

  private Answer start(Call call) throws InterruptedException {
    String client = access.operator(call);
    Body body = requests.read(call);
    EventContext context = call.event(EventId.random());
    String replayId = context.id().value();
    publish(
        command(ReplayAction.START, replayId, body, client, context)
            .setRequest(ReplayBody.read(body))
            .build(),
        context);
    call.log("replay_id", replayId);
    return Answer.json(202, Json.object().put("replay_id", replayId).put("status", "pending"));
  }

  private Answer cancel(Call call) throws InterruptedException {
    String client = access.operator(call);
    Body body = cancellations.read(call);
    String replayId = call.parameter("id");
    String status = find(replayId).required("status").stringValue();
    if (!status.equals("pending") && !status.equals("running")) {
      throw ProblemException.conflict("the replay is " + status + " already");
    }
    EventContext context = call.event(EventId.random());
    publish(command(ReplayAction.CANCEL, replayId, body, client, context).build(), context);
    return Answer.json(202, Json.object().put("replay_id", replayId).put("status", "cancelling"));
  }

  private static ReplayCommand.Builder command(
      ReplayAction action, String replayId, Body body, String client, EventContext context) {
    return ReplayCommand.newBuilder()
        .setCommandId(context.id().value())
        .setReplayId(replayId)
        .setAction(action)
        .setReason(body.text("reason"))
        .setRequestedBy(ActingPerson.of(client, body))
        .setRequestedAt(context.time());
  }

  private void publish(ReplayCommand command, EventContext context) throws InterruptedException {
    Acknowledgement.await(
        sink.publish(Topics.REPLAY_COMMANDS, command.getReplayId(), command, context));
  }

  private Answer list(Call call) {
    access.operator(call);
    int limit = call.queryInteger("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    ObjectNode body = Json.object();
    body.putArray("replays").addAll(reads.rows(LIST, Map.of("limit", limit)));
    return Answer.ok(body);
  }

  private Answer get(Call call) {
    access.operator(call);
    return Answer.ok(find(call.parameter("id")));
  }

  private ObjectNode find(String id) {
    List<ObjectNode> found = reads.rows(FIND, Map.of("id", id));
    if (found.isEmpty()) {
      throw ProblemException.notFound(
          "there is no replay " + id + "; one that was just asked for appears within seconds");
    }
    return found.getFirst();
  }
}
