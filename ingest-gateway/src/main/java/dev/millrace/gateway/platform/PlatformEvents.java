package dev.millrace.gateway.platform;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Endpoint;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodySchema;
import dev.millrace.gateway.openapi.OpenApiDocument;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.task.Priority;
import java.util.Locale;

/** Takes the events that a platform sends, for example {@code blueprint_updated}. */
public final class PlatformEvents implements Endpoint {

  private final Access access;
  private final BodySchema schema;
  private final EventSink sink;
  private final long maxBodyBytes;

  public PlatformEvents(
      Access access, OpenApiDocument document, EventSink sink, long maxBodyBytes) {
    this.access = access;
    this.schema = new BodySchema(document, "PlatformEvent");
    this.sink = sink;
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  public Answer handle(Call call) throws InterruptedException {
    access.platform(call);
    Body body = schema.read(call.jsonBody(maxBodyBytes));
    String eventType = body.text("eventType");
    EventContext context = call.event(EventId.random());
    PlatformEvent event =
        PlatformEvent.newBuilder()
            .setEventType(eventType)
            .setSource(body.text("source"))
            .setPriority(
                body.optionalText("priority")
                    .map(priority -> Priority.valueOf(priority.toUpperCase(Locale.ROOT)))
                    .orElse(Priority.MEDIUM))
            .setData(body.json("data"))
            .setEventId(context.id().value())
            .setOccurredAt(context.time())
            .build();
    Acknowledgement.await(sink.publish(Topics.PLATFORM_EVENTS, event.getSource(), event, context));
    return Answer.ok(
        Json.object().put("success", true).put("eventType", eventType).put("processed", true));
  }
}
