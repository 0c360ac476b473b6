package dev.millrace.gateway.event;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodySchema;
import dev.millrace.gateway.openapi.OpenApiDocument;
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
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events that clients create, and the marks they set on events they have processed. A mark is an
 * event itself: nothing that was recorded is ever changed. Events of platforms and of this API are
 * pending until somebody marks them; all others are processed by the apps that take them.
 */
public final class EventMarks {

  private static final String MARK = "event_processed";

  private static final Duration FORGET_AFTER = Duration.ofMinutes(5);
  private static final int MAX_CREATED = 10_000;

  private static final String MARKED =
      """
      EXISTS (SELECT 1 FROM public.ai_events m
               WHERE m.event_type = 'event_processed' AND m.data->>'event_id' = e.event_id)\
      """;

  private static final String COLUMNS = "SELECT " + EventRows.COLUMNS + ", %s AS processed\n";

  private static final String LIST =
      COLUMNS.formatted(MARKED)
          + """
            FROM public.ai_events e
           WHERE topic = 'platform.events' AND event_type <> 'event_processed'
             AND %s = :processed
             AND (:before::bigint IS NULL OR id < :before::bigint)
           ORDER BY id DESC
           LIMIT :limit
          """
              .formatted(MARKED);

  private static final String FIND =
      COLUMNS.formatted(MARKED)
          + """
            FROM public.ai_events e
           WHERE event_id = :id OR id = :number
           ORDER BY id
           LIMIT 1
          """;

  private final Access access;
  private final BodySchema schema;
  private final ReadModels reads;
  private final EventSink sink;
  private final long maxBodyBytes;

  /** Ids of events created here a moment ago; only these are waited for. */
  private final Cache<String, Boolean> created =
      Caffeine.newBuilder().maximumSize(MAX_CREATED).expireAfterWrite(FORGET_AFTER).build();

  public EventMarks(
      Access access,
      OpenApiDocument document,
      ReadModels reads,
      EventSink sink,
      long maxBodyBytes) {
    this.access = access;
    this.schema = new BodySchema(document, "PlatformEvent");
    this.reads = reads;
    this.sink = sink;
    this.maxBodyBytes = maxBodyBytes;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/events/pending", call -> list(call, false)),
        Route.get("/api/events/processed", call -> list(call, true)),
        Route.get("/api/events/{id}", this::get),
        Route.post("/api/events", this::create),
        Route.post("/api/events/{id}/processed", this::mark));
  }

  private Answer list(Call call, boolean processed) {
    access.operator(call);
    int limit = call.queryInteger("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    Map<String, @Nullable Object> bindings = new HashMap<>();
    bindings.put("processed", processed);
    bindings.put("before", Cursor.number(call).orElse(null));
    bindings.put("limit", limit + 1);
    Page page =
        Page.of(
            reads.rows(LIST, bindings),
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
    Duration patience = created.getIfPresent(id) == null ? Duration.ZERO : Mirrored.PATIENCE;
    long number = id.matches("\\d{1,18}") ? Long.parseLong(id) : -1;
    return Mirrored.within(
            patience,
            () -> reads.rows(FIND, Map.of("id", id, "number", number)).stream().findFirst())
        .orElseThrow(() -> ProblemException.notFound("there is no event " + id));
  }

  private Answer create(Call call) throws InterruptedException {
    access.operator(call);
    Body body = schema.read(call.jsonBody(maxBodyBytes));
    String id =
        write(
            call,
            EventId.random(),
            body.text("eventType"),
            body.text("source"),
            body.optionalText("priority")
                .map(priority -> Priority.valueOf(priority.toUpperCase(Locale.ROOT)))
                .orElse(Priority.MEDIUM),
            body.json("data"));
    created.put(id, true);
    return Answer.json(
        201,
        Json.object()
            .put("success", true)
            .put("event_id", id)
            .put("eventType", body.text("eventType"))
            .put("processed", false));
  }

  private Answer mark(Call call) throws InterruptedException {
    String client = access.operator(call);
    ObjectNode event = find(call.parameter("id"));
    String id = event.required("event_id").stringValue();
    if (!event.path("processed").booleanValue(false)) {
      String data = Json.object().put("event_id", id).put("marked_by", client).toString();
      write(call, new EventId(id).derive(MARK), MARK, Call.SOURCE, Priority.LOW, data);
    }
    return Answer.ok(Json.object().put("success", true).put("event_id", id).put("processed", true));
  }

  private String write(
      Call call, EventId id, String type, String source, Priority priority, String data)
      throws InterruptedException {
    EventContext context = call.event(id);
    PlatformEvent event =
        PlatformEvent.newBuilder()
            .setEventType(type)
            .setSource(source)
            .setPriority(priority)
            .setData(data)
            .setEventId(context.id().value())
            .setOccurredAt(context.time())
            .build();
    Acknowledgement.await(sink.publish(Topics.PLATFORM_EVENTS, source, event, context));
    return context.id().value();
  }
}
