package dev.millrace.gateway.event;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.read.Cursor;
import dev.millrace.gateway.read.Mirrored;
import dev.millrace.gateway.read.Page;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.task.Priority;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events that clients create for somebody to process, and the marks they set on those that were. A
 * mark is an event itself: nothing that was recorded is ever changed. What a flow took is processed
 * without a mark; events of platforms and of the apps here are from the start.
 */
public final class EventMarks {

  private static final Duration FORGET_AFTER = Duration.ofMinutes(5);
  private static final int MAX_CREATED = 10_000;

  private static final String PENDING =
      list("to_process AND NOT %s".formatted(EventRows.PROCESSED));

  private static final String PROCESSED =
      list(
          "topic = 'platform.events' AND event_type <> '%s' AND %s"
              .formatted(EventRows.MARK, EventRows.PROCESSED));

  private static final String FIND =
      EventRows.SELECT
          + """
           WHERE event_id = :id OR id = :number
           ORDER BY id
           LIMIT 1
          """;

  private final Access access;
  private final EventBody body;
  private final ReadModels reads;
  private final EventSink sink;

  /** Ids of events created here a moment ago; only these are waited for. */
  private final Cache<String, Boolean> created =
      Caffeine.newBuilder().maximumSize(MAX_CREATED).expireAfterWrite(FORGET_AFTER).build();

  public EventMarks(Access access, Bodies bodies, ReadModels reads, EventSink sink) {
    this.access = access;
    this.body = new EventBody(bodies);
    this.reads = reads;
    this.sink = sink;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/events/pending", call -> list(call, PENDING)),
        Route.get("/api/events/processed", call -> list(call, PROCESSED)),
        Route.get("/api/events/{id}", this::get),
        Route.post("/api/events", this::create),
        Route.post("/api/events/{id}/processed", this::mark));
  }

  /** Events that fulfil a condition, page by page. */
  private static String list(String condition) {
    return EventRows.SELECT
        + """
         WHERE %s
           AND (:before::bigint IS NULL OR id < :before::bigint)
         ORDER BY id DESC
         LIMIT :limit
        """
            .formatted(condition);
  }

  private Answer list(Call call, String events) {
    access.operator(call);
    int limit = call.queryInteger("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    Map<String, @Nullable Object> bindings = new HashMap<>();
    bindings.put("before", Cursor.number(call).orElse(null));
    bindings.put("limit", limit + 1);
    Page page =
        Page.of(
            reads.rows(events, bindings),
            limit,
            row -> new Cursor(List.of(row.required("id").asString())));
    return Answer.ok(page.body("events"));
  }

  private Answer get(Call call) throws InterruptedException {
    access.operator(call);
    return Answer.ok(find(call.parameter("id")));
  }

  /** An event by its identity, or by its number. */
  private ObjectNode find(String id) throws InterruptedException {
    Duration timeout = created.getIfPresent(id) == null ? Duration.ZERO : Mirrored.TIMEOUT;
    long number = id.matches("\\d{1,18}") ? Long.parseLong(id) : -1;
    return Mirrored.within(
            timeout,
            () -> reads.rows(FIND, Map.of("id", id, "number", number)).stream().findFirst())
        .orElseThrow(() -> ProblemException.notFound("there is no event " + id));
  }

  private Answer create(Call call) throws InterruptedException {
    access.operator(call);
    PlatformEvent.Builder event = body.read(call).setToProcess(true);
    String id = write(call, EventId.random(), event);
    created.put(id, true);
    return Answer.json(
        201,
        Json.object()
            .put("success", true)
            .put("event_id", id)
            .put("eventType", event.getEventType())
            .put("processed", false));
  }

  private Answer mark(Call call) throws InterruptedException {
    String client = access.operator(call);
    ObjectNode event = find(call.parameter("id"));
    String id = event.required("event_id").stringValue();
    if (!event.path("processed").booleanValue(false)) {
      PlatformEvent.Builder mark =
          PlatformEvent.newBuilder()
              .setEventType(EventRows.MARK)
              .setSource(Call.SOURCE)
              .setPriority(Priority.LOW)
              .setData(Json.object().put("event_id", id).put("marked_by", client).toString());
      write(call, new EventId(id).derive(EventRows.MARK), mark);
    }
    return Answer.ok(Json.object().put("success", true).put("event_id", id).put("processed", true));
  }

  private String write(Call call, EventId id, PlatformEvent.Builder event)
      throws InterruptedException {
    EventContext context = call.event(id);
    PlatformEvent written =
        event.setEventId(context.id().value()).setOccurredAt(context.time()).build();
    Acknowledgement.await(
        sink.publish(Topics.PLATFORM_EVENTS, written.getSource(), written, context));
    return context.id().value();
  }
}
