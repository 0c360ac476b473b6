package dev.millrace.gateway.deadletter;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.auth.ActingPerson;
import dev.millrace.gateway.deadletter.LetterRows.Filter;
import dev.millrace.gateway.deadletter.RecordValues.UnreadableException;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.PointInTime;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.read.Cursor;
import dev.millrace.gateway.read.Page;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetterAction;
import dev.millrace.schemas.deadletter.DeadLetterDecision;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Dead letters. Every act becomes a decision on its topic, with who and why; the audit sink sends
 * records back, and mirrors the decisions like everything else.
 */
public final class DeadLetterRoutes {

  private static final Set<String> STATUSES = Set.of("open", "sent_back", "discarded", "all");

  /** Letters that one request decides about, at most. */
  private static final int MAX_AT_ONCE = 500;

  private final Access access;
  private final BodyReader single;
  private final BodyReader several;
  private final EventSink sink;
  private final LetterRows letters;
  private final RecordValues values;
  private final RecentDecisions recent = new RecentDecisions();

  public DeadLetterRoutes(
      Access access, Bodies bodies, EventSink sink, ReadModels reads, RecordValues values) {
    this.access = access;
    this.single = bodies.of("DeadLetterDecision");
    this.several = bodies.of("DeadLetterDecisions");
    this.sink = sink;
    this.letters = new LetterRows(reads);
    this.values = values;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/dead-letters", this::list),
        Route.get("/api/dead-letters/{id}", this::get),
        Route.post(
            "/api/dead-letters/send-back", call -> decideAll(call, DeadLetterAction.SEND_BACK)),
        Route.post("/api/dead-letters/discard", call -> decideAll(call, DeadLetterAction.DISCARD)),
        Route.post(
            "/api/dead-letters/{id}/send-back", call -> decide(call, DeadLetterAction.SEND_BACK)),
        Route.post(
            "/api/dead-letters/{id}/discard", call -> decide(call, DeadLetterAction.DISCARD)));
  }

  private Answer list(Call call) {
    access.operator(call);
    int limit = call.queryInteger("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    Optional<Cursor> cursor = Cursor.of(call, 2);
    String status = call.query("status").orElse("open");
    if (!STATUSES.contains(status)) {
      throw ProblemException.invalid("status", "expected open, sent_back, discarded or all");
    }
    Filter filter =
        new Filter(
            status,
            call.query("topic").orElse(null),
            call.query("app").orElse(null),
            call.query("error").orElse(null),
            time("since", call.query("since").orElse(null)),
            time("until", call.query("until").orElse(null)));
    Page page =
        Page.of(
            letters.list(
                filter,
                cursor.map(c -> time("cursor", c.parts().getFirst())).orElse(null),
                cursor.map(c -> c.parts().get(1)).orElse(null),
                limit + 1),
            limit,
            row ->
                new Cursor(
                    List.of(
                        row.required("failed_at").stringValue(),
                        row.required("id").stringValue())));
    return Answer.ok(page.body("dead_letters"));
  }

  private Answer get(Call call) {
    access.operator(call);
    String id = call.parameter("id");
    ObjectNode letter = letters.get(id);
    letter.putArray("decisions").addAll(letters.decisions(id));
    letters.record(id).ifPresent(record -> show(letter, record));
    return Answer.ok(letter);
  }

  private void show(ObjectNode letter, ObjectNode record) {
    ObjectNode headers = letter.putObject("headers");
    record
        .path("headers")
        .properties()
        .forEach(header ->
            headers.put(
                header.getKey(),
                new String(
                    Base64.getDecoder().decode(header.getValue().stringValue()),
                    StandardCharsets.UTF_8)));
    JsonNode value = record.path("value");
    letter.putNull("value");
    if (!value.isString()) {
      if (letter.path("missing").isString()) {
        letter.put("value_error", "the letter does not have it: it was redacted, or cut to fit");
      }
      return;
    }
    letter.put("value_base64", value.stringValue());
    try {
      letter.set(
          "value",
          values.decode(
              letter.required("topic").stringValue(),
              Base64.getDecoder().decode(value.stringValue())));
    } catch (UnreadableException e) {
      letter.put("value_error", e.getMessage());
    }
  }

  private Answer decide(Call call, DeadLetterAction action) throws InterruptedException {
    String client = access.operator(call);
    Body body = single.read(call);
    String id = call.parameter("id");
    ObjectNode letter = letters.get(id);
    String status = letter.required("status").stringValue();
    if (!status.equals("open")) {
      throw decided(status);
    }
    byte[] corrected = corrected(body, action, letter.required("topic").stringValue());
    if (action == DeadLetterAction.SEND_BACK && !canGoBack(letter, corrected != null)) {
      throw ProblemException.unprocessable(incomplete(letter));
    }
    Optional<DeadLetterAction> before = recent.decide(id, action);
    if (before.isPresent()) {
      throw decided(status(before.get()));
    }
    Acknowledgement.await(publish(call, action, id, corrected, body, client));
    return Answer.json(202, Json.object().put("id", id).put("status", status(action)));
  }

  private static ProblemException decided(String status) {
    return ProblemException.conflict("the dead letter is " + status.replace('_', ' ') + " already");
  }

  private static String status(DeadLetterAction action) {
    return action == DeadLetterAction.SEND_BACK ? "sent_back" : "discarded";
  }

  private byte @Nullable [] corrected(Body body, DeadLetterAction action, String topic) {
    JsonNode value = body.node().get("value");
    if (value == null) {
      return null;
    }
    if (action == DeadLetterAction.DISCARD) {
      throw ProblemException.invalid("/value", "what is discarded is not corrected");
    }
    return values.encode(topic, value);
  }

  /** Whether the whole record can be had: from its letter, with the correction, or the mirror. */
  private boolean canGoBack(ObjectNode letter, boolean isCorrected) {
    JsonNode missing = letter.path("missing");
    return !missing.isString()
        || (isCorrected && missing.stringValue().equals("value"))
        || letters.hasOriginal(letter);
  }

  private static String incomplete(ObjectNode letter) {
    String topic = letter.required("topic").stringValue();
    String partition = letter.required("partition").asString();
    String offset = letter.required("offset").asString();
    return """
    the letter does not have the whole record, and the mirror does not have it as it was \
    (%1$s, partition %2$s, offset %3$s); if its day was archived, ./millrace audit restore brings \
    it back, and while Kafka keeps it, ./millrace replay --source topic --topic %1$s \
    --partition %2$s --from-offset %3$s --to-offset %3$s writes it again\
    """
        .formatted(topic, partition, offset);
  }

  private Answer decideAll(Call call, DeadLetterAction action) throws InterruptedException {
    String client = access.operator(call);
    Body body = several.read(call);
    Body wanted = body.object("filter");
    Filter filter =
        new Filter(
            "open",
            wanted.textOrNull("topic"),
            wanted.textOrNull("app"),
            wanted.textOrNull("error"),
            time("/filter/since", wanted.textOrNull("since")),
            time("/filter/until", wanted.textOrNull("until")));
    if (filter.isEmpty()) {
      throw ProblemException.invalid("/filter", "expected at least one condition");
    }
    List<ObjectNode> found = letters.list(filter, null, null, MAX_AT_ONCE + 1);
    boolean more = found.size() > MAX_AT_ONCE;
    ObjectNode answer = Json.object();
    ArrayNode ids = answer.putArray("ids");
    ArrayNode refused = answer.putArray("refused");
    List<CompletableFuture<?>> written = new ArrayList<>();
    for (ObjectNode letter : more ? found.subList(0, MAX_AT_ONCE) : found) {
      String id = letter.required("id").stringValue();
      if (action == DeadLetterAction.SEND_BACK && !canGoBack(letter, false)) {
        refused.addObject().put("id", id).put("reason", incomplete(letter));
      } else if (recent.decide(id, action).isEmpty()) {
        written.add(publish(call, action, id, null, body, client));
        ids.add(id);
      }
    }
    for (CompletableFuture<?> one : written) {
      Acknowledgement.await(one);
    }
    return Answer.json(202, answer.put("decided", ids.size()).put("more", more));
  }

  private CompletableFuture<?> publish(
      Call call,
      DeadLetterAction action,
      String id,
      byte @Nullable [] corrected,
      Body body,
      String client) {
    EventContext context = call.event(EventId.random());
    DeadLetterDecision decision =
        DeadLetterDecision.newBuilder()
            .setDecisionId(context.id().value())
            .setLetterId(id)
            .setAction(action)
            .setValue(corrected == null ? null : ByteBuffer.wrap(corrected))
            .setReason(body.text("reason"))
            .setDecidedBy(ActingPerson.of(client, body))
            .setDecidedAt(context.time())
            .build();
    return sink.publish(Topics.DEAD_LETTER_DECISIONS, id, decision, context)
        .whenComplete((_, failure) -> {
          if (failure != null) {
            recent.takeBack(id);
          }
        });
  }

  private static @Nullable String time(String field, @Nullable String text) {
    return text == null ? null : PointInTime.parse(field, text).toString();
  }
}
