package dev.millrace.worker.run;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.event.EventContext;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;

/**
 * Where events go: the method {@code publish} of {@link dev.millrace.runtime.kafka.EventPublisher}.
 * Events with one key keep their order.
 */
@FunctionalInterface
public interface EventSink {

  <T extends SpecificRecord> CompletableFuture<?> publish(
      Topic<T> topic, String key, T value, EventContext context);
}
