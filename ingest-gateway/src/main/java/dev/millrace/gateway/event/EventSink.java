package dev.millrace.gateway.event;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.event.EventContext;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;

/** Where accepted events go. */
@FunctionalInterface
public interface EventSink {

  /**
   * Writes an event; the future completes when it is durable, or with a {@link
   * dev.millrace.runtime.kafka.PublishException}.
   *
   * @param key key of the record, as the catalogue says
   */
  <T extends SpecificRecord> CompletableFuture<?> publish(
      Topic<T> topic, String key, T value, EventContext context);
}
