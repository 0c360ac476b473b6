package dev.millrace.router.topology;

import dev.millrace.router.queue.QueueName;
import dev.millrace.runtime.validation.InvalidEventException;
import java.util.Collection;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Gives an event the queue it is for as its key, and an envelope.
 *
 * <p>The function that finds the queues throws {@link InvalidEventException} for an event that
 * belongs to none.
 */
final class RouteProcessor<T extends SpecificRecord>
    implements Processor<String, T, String, Routed> {

  private final Function<T, Collection<QueueName>> queues;
  private @Nullable ProcessorContext<String, Routed> context;

  RouteProcessor(Function<T, Collection<QueueName>> queues) {
    this.queues = queues;
  }

  @Override
  public void init(ProcessorContext<String, Routed> processorContext) {
    context = processorContext;
  }

  @Override
  public void process(Record<String, T> record) {
    if (context == null) {
      throw new IllegalStateException("not initialised");
    }
    T event = record.value();
    if (event == null) {
      throw new InvalidEventException("expected a value, found none");
    }
    RecordMetadata metadata = context.recordMetadata().orElseThrow();
    Routed routed = new Routed(event, metadata.partition());
    for (QueueName queue : queues.apply(event)) {
      context.forward(
          new Record<>(
              queue.value(),
              routed,
              record.timestamp(),
              Envelope.seal(record.headers(), metadata, record.timestamp())));
    }
  }
}
