package dev.millrace.gateway.platform;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.event.EventBody;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Endpoint;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.receipt.Acceptance;
import dev.millrace.gateway.receipt.IdempotencyKey;
import dev.millrace.gateway.receipt.ReceiptKey;
import dev.millrace.gateway.receipt.Receipts;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.platform.PlatformEvent;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Takes the events that a platform sends, for example {@code blueprint_updated}; an event that is
 * sent again under its idempotency key is recorded once.
 */
public final class PlatformEvents implements Endpoint {

  /** What is announced when a document can be found. */
  private static final String ANNOUNCEMENT = "blueprint_updated";

  /** The identity of an event, as CloudEvents have it in HTTP. */
  private static final String ID = "ce-id";

  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final Access access;
  private final Bodies bodies;
  private final EventBody body;
  private final Receipts receipts;
  private final EventSink sink;

  public PlatformEvents(Access access, Bodies bodies, Receipts receipts, EventSink sink) {
    this.access = access;
    this.bodies = bodies;
    this.body = new EventBody(bodies);
    this.receipts = receipts;
    this.sink = sink;
  }

  @Override
  public Answer handle(Call call) throws InterruptedException {
    String client = access.platform(call);
    Optional<ReceiptKey> receipt =
        IdempotencyKey.of(call).map(value -> ReceiptKey.request(client, value));
    byte[] bytes = bodies.bytes(call);
    PlatformEvent.Builder sent = body.read(bytes);
    EventContext context =
        call.event(
            announced(call, sent.getEventType()).orElseGet(() -> receipts.identity(receipt)));
    PlatformEvent event =
        sent.setEventId(context.id().value()).setOccurredAt(context.time()).build();
    return receipts.answer(receipt, bytes, context, () -> accept(event, context));
  }

  /**
   * The identity of an announcement of this very pipeline, which comes back where the address that
   * it announces to is its own. Events of no other type bring theirs: they could take the place of
   * another's.
   */
  private static Optional<EventId> announced(Call call, String eventType) {
    return eventType.equals(ANNOUNCEMENT)
        ? call.header(ID).filter(id -> UUID_TEXT.matcher(id).matches()).map(EventId::new)
        : Optional.empty();
  }

  private Acceptance accept(PlatformEvent event, EventContext context) {
    String response =
        Json.object()
            .put("success", true)
            .put("eventType", event.getEventType())
            .put("processed", true)
            .toString();
    return new Acceptance(
        event.getEventId(),
        200,
        response,
        sink.publish(Topics.PLATFORM_EVENTS, event.getSource(), event, context));
  }
}
