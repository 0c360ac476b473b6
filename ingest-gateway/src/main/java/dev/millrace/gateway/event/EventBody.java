package dev.millrace.gateway.event;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.task.Priority;
import java.util.Locale;
import java.util.regex.Pattern;

/** An event as clients and platforms send it. */
public final class EventBody {

  /**
   * Types of the events that the apps here tell analysts of. Under their names, others could say
   * that a task was created or that an event is processed.
   */
  private static final Pattern RESERVED =
      Pattern.compile(
          "(task|agent|github|document|learning|health|remediation)_.*"
              + "|commit|dead_letter|instructor_plan_created|"
              + EventRows.MARK);

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
    if (RESERVED.matcher(type).matches()) {
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
