package dev.millrace.runtime.usage;

import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.usage.ModelUsage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes an event of every call of a model, with its cost by the price table, and with what it was
 * made for where that is known: see {@link CallCause}.
 */
public final class UsageEvents implements ModelCall.Listener {

  private final String app;
  private final PriceTable prices;
  private final Publisher publisher;

  /** Writes an event to {@code model.usages}, and does not wait for it. */
  @FunctionalInterface
  public interface Publisher {
    void publish(ModelUsage usage, EventContext context);
  }

  /**
   * @param app the app that calls
   * @param prices a model without a price costs 0
   */
  public UsageEvents(String app, PriceTable prices, Publisher publisher) {
    this.app = app;
    this.prices = prices;
    this.publisher = publisher;
  }

  /** Events that a publisher writes, with the app as their key. */
  public static UsageEvents writtenBy(String app, PriceTable prices, EventPublisher publisher) {
    return new UsageEvents(
        app,
        prices,
        (usage, context) -> {
          var _ = publisher.publish(Topics.MODEL_USAGES, app, usage, context);
        });
  }

  @Override
  public void called(ModelCall call) {
    EventId id = EventId.random();
    Optional<CallCause> cause = CallCause.current();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    long cost =
        prices
            .of(call.model())
            .map(price -> price.microdollars(call.inputTokens(), call.outputTokens(), 0, 0))
            .orElse(0L);
    ModelUsage usage =
        ModelUsage.newBuilder()
            .setUsageId(id.value())
            .setComponent(app)
            .setPurpose(call.purpose().name().toLowerCase(Locale.ROOT))
            .setTaskId(cause.map(CallCause::taskId).orElse(null))
            .setSubject(cause.map(CallCause::subject).orElse(null))
            .setProvider(call.provider())
            .setModel(call.model())
            .setCalls(1)
            .setInputTokens(call.inputTokens())
            .setOutputTokens(call.outputTokens())
            .setCostMicrodollars(cost)
            .setOccurredAt(now)
            .build();
    TraceContext trace =
        cause.map(CallCause::trace).map(TraceContext::child).orElseGet(TraceContext::start);
    publisher.publish(usage, new EventContext(id, app, now, trace, null));
  }
}
