package dev.millrace.gateway.health;

import dev.millrace.gateway.auth.Access;
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
import dev.millrace.gateway.read.NewestFirst;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.gateway.receipt.KeyedCommands;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.EventNames;
import dev.millrace.schemas.remediation.RemediationApproval;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What people are asked about repairs, and their answers. An answer of 202 says that the decision
 * is on record; what it led to is seen in the events of its trace.
 */
public final class Escalations {

  private static final String OPEN = "open";
  private static final Set<String> STATUSES = Set.of(OPEN, "approved", "rejected", "expired");

  /** Escalations, each with the first decision on it, which is the one that counts. */
  private static final String ASKED =
      """
      SELECT * FROM (
        SELECT e.data->>'escalation_id' AS escalation_id, e.subject AS project,
               e.data->>'anomaly_id' AS anomaly_id, e.data->>'anomaly_type' AS anomaly_type,
               e.data->>'proposed_action' AS proposed_action,
               (e.data->>'confidence')::double precision AS confidence,
               e.data->>'reason' AS reason, e."timestamp" AS raised_at,
               (e.data->>'expires_at')::timestamptz AS expires_at,
               CASE WHEN d.event_type = '%1$s' THEN 'approved'
                    WHEN d.event_type = '%2$s' THEN 'rejected'
                    WHEN (e.data->>'expires_at')::timestamptz > now() THEN 'open'
                    ELSE 'expired'
                END AS status,
               d.data->>'action' AS decided_action, d.data->>'decided_by' AS decided_by,
               d.data->>'comment' AS comment, d."timestamp" AS decided_at, e.trace_id
          FROM public.ai_events e
          LEFT JOIN LATERAL (
               SELECT * FROM public.ai_events decision
                WHERE decision.event_type IN ('%1$s', '%2$s')
                  AND decision.data->>'escalation_id' = e.data->>'escalation_id'
                ORDER BY decision.id
                LIMIT 1) d ON true
         WHERE e.event_type = '%3$s') asked
      """
          .formatted(
              EventNames.REMEDIATION_APPROVED,
              EventNames.REMEDIATION_REJECTED,
              EventNames.REMEDIATION_ESCALATED);

  private static final String FIND = ASKED + " WHERE escalation_id = :id LIMIT 1";

  private static final NewestFirst LIST =
      new NewestFirst(ASKED, "raised_at", "escalation_id", STATUSES, Map.of("project", "project"));

  private final Access access;
  private final BodyReader schema;
  private final ReadModels reads;
  private final EventSink sink;
  private final KeyedCommands commands;

  public Escalations(
      Access access, Bodies bodies, ReadModels reads, EventSink sink, KeyedCommands commands) {
    this.access = access;
    this.schema = bodies.of("EscalationDecision");
    this.reads = reads;
    this.sink = sink;
    this.commands = commands;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/escalations", this::list),
        Route.get("/api/escalations/{id}", this::get),
        Route.post("/api/escalations/{id}/approve", call -> decide(call, true)),
        Route.post("/api/escalations/{id}/reject", call -> decide(call, false)));
  }

  private Answer list(Call call) {
    access.operator(call);
    return Answer.ok(LIST.page(call, reads).body("escalations"));
  }

  private Answer get(Call call) {
    access.operator(call);
    return Answer.ok(find(call.parameter("id")));
  }

  private ObjectNode find(String id) {
    return reads.rows(FIND, Map.of("id", id)).stream()
        .findFirst()
        .orElseThrow(() -> ProblemException.notFound("there is no escalation " + id));
  }

  private Answer decide(Call call, boolean approved) throws InterruptedException {
    String client = access.operator(call);
    Body body = schema.readOptional(call);
    return commands.answer(
        call, client, body.node().toString(), id -> decide(call, client, body, approved, id));
  }

  private Answer decide(Call call, String client, Body body, boolean approved, EventId decisionId)
      throws InterruptedException {
    ObjectNode escalation = find(call.parameter("id"));
    String id = escalation.required("escalation_id").stringValue();
    String status = escalation.required("status").stringValue();
    if (!status.equals(OPEN)) {
      throw ProblemException.conflict(
          "expected an escalation that is open, found one that is " + status);
    }
    String action = body.textOrNull("action");
    requireAction(approved, action, escalation);
    EventContext context = call.event(decisionId);
    RemediationApproval decision =
        RemediationApproval.newBuilder()
            .setApprovalId(context.id().value())
            .setEscalationId(id)
            .setProject(escalation.required("project").stringValue())
            .setApproved(approved)
            .setAction(action)
            .setDecidedBy(client)
            .setComment(body.textOrNull("reason"))
            .setDecidedAt(context.time())
            .build();
    Acknowledgement.await(
        sink.publish(Topics.REMEDIATION_APPROVALS, decision.getProject(), decision, context));
    return Answer.json(
        202,
        Json.object()
            .put("success", true)
            .put("escalation_id", id)
            .put("approval_id", decision.getApprovalId())
            .put("approved", approved));
  }

  private static void requireAction(
      boolean approved, @Nullable String action, ObjectNode escalation) {
    if (!approved && action != null) {
      throw ProblemException.invalid("/action", "expected none with a rejection");
    }
    if (approved && action == null && escalation.path("proposed_action").asString("").isEmpty()) {
      throw ProblemException.invalid("/action", "is required, as none is proposed");
    }
  }
}
