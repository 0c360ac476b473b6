package dev.millrace.gateway.event;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.schemas.event.EventNames;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.task.Priority;
import java.util.Locale;

/** An event as clients and platforms send it. */
public final class EventBody {

  private final BodyReader schema;

  public EventBody(Bodies bodies) {
    this.schema = bodies.of("PlatformEvent");
  }

  /**
   * Reads an event, without an identity and a time.
   *
   * @throws ProblemException 400 if it is not as the document says, or of a type that is reserved
   */
  public PlatformEvent.Builder read(Call call) {
    return read(schema.read(call));
  }

  /** The same, of a body whose bytes were taken before. */
  public PlatformEvent.Builder read(byte[] bytes) {
    return read(schema.read(bytes));
  }

  private static PlatformEvent.Builder read(Body body) {
    String type = body.text("eventType");
    if (EventNames.isToldHere(type)) {
      throw ProblemException.invalid(
          "/eventType",
          "expected a type of your own, found %s, which is told by an app of this pipeline"
              .formatted(type));
    }
    return PlatformEvent.newBuilder()
        .setEventType(type)
        .setSource(body.text("source"))
        .setPriority(
            body.optionalText("priority")
                .map(priority -> Priority.valueOf(priority.toUpperCase(Locale.ROOT)))
                .orElse(Priority.MEDIUM))
        .setData(body.json("data"));
  }
}
