package dev.millrace.embedding.announce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.embedding.consumer.EventHandler;
import dev.millrace.embedding.index.UnavailableException;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.platform.PlatformEvent;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;

/**
 * Posts this app's own {@code blueprint_updated} events to a platform. Those of others are passed
 * over: the address may be that of a gateway that writes what it gets to the same topic.
 */
public final class JavariNotifier implements EventHandler<PlatformEvent> {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final String app;
  private final JavariEndpoint endpoint;
  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  public JavariNotifier(String app, JavariEndpoint endpoint) {
    this.app = app;
    this.endpoint = endpoint;
  }

  /**
   * @throws UnavailableException if the platform may take it later
   * @throws WorkRejectedException if the platform refuses it
   */
  @Override
  public void handle(PlatformEvent event, EventContext context) throws InterruptedException {
    if (!context.source().equals(app)
        || !context.allows(Effect.NOTIFICATIONS)
        || !event.getEventType().equals(Announcer.BLUEPRINT_UPDATED)) {
      return;
    }
    int status = post(event, context);
    if (status >= 200 && status < 300) {
      return;
    }
    String answer = "%s answered %d".formatted(endpoint.uri(), status);
    switch (status) {
      case 400, 404, 405, 409, 410, 413, 415, 422 -> throw new WorkRejectedException(answer);
      default -> throw new UnavailableException(answer, null, new IOException(answer));
    }
  }

  private int post(PlatformEvent event, EventContext context) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.uri())
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", context.id().value())
            .header("ce-id", context.id().value())
            .header("traceparent", context.trace().traceparent())
            .POST(HttpRequest.BodyPublishers.ofString(body(event)));
    endpoint.apiKey().ifPresent(key -> request.header("X-API-Key", key.reveal()));
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new UnavailableException(
          "%s cannot be reached: %s".formatted(endpoint.uri(), e.getMessage()), null, e);
    }
  }

  private String body(PlatformEvent event) {
    try {
      ObjectNode body =
          json.createObjectNode()
              .put("eventType", event.getEventType())
              .put("source", event.getSource())
              .put("priority", event.getPriority().name().toLowerCase(Locale.ROOT));
      return body.<ObjectNode>set("data", json.readTree(event.getData())).toString();
    } catch (JsonProcessingException e) {
      throw new WorkRejectedException("data: expected a JSON object: " + e.getOriginalMessage());
    }
  }
}
