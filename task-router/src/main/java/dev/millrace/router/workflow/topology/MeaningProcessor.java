package dev.millrace.router.workflow.topology;

import static java.util.Objects.requireNonNull;

import dev.millrace.router.workflow.FlowInput;
import dev.millrace.runtime.streams.EventContexts;
import dev.millrace.schemas.event.EventContext;
import java.util.Base64;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Finds out what a record means to flows; the flow becomes the key, and is told at once. */
final class MeaningProcessor<T extends SpecificRecord>
    implements Processor<String, T, String, FlowInput> {

  private final BiFunction<T, EventContext, Optional<FlowInput>> meaning;
  private final @Nullable Serializer<T> given;
  private @Nullable ProcessorContext<String, FlowInput> context;

  /**
   * @param given writes records again that are given back where no flow is known to them; null
   *     where such records mean nothing
   */
  MeaningProcessor(
      BiFunction<T, EventContext, Optional<FlowInput>> meaning, @Nullable Serializer<T> given) {
    this.meaning = meaning;
    this.given = given;
  }

  @Override
  public void init(ProcessorContext<String, FlowInput> processorContext) {
    context = processorContext;
  }

  @Override
  public void process(Record<String, T> record) {
    ProcessorContext<String, FlowInput> here = requireNonNull(context, "context");
    if (record.value() == null) {
      return;
    }
    meaning
        .apply(record.value(), EventContexts.of(here, record))
        .ifPresent(input -> {
          here.forward(new Record<>(input.flow(), traced(input, record), record.timestamp()));
          here.commit();
        });
  }

  private FlowInput traced(FlowInput input, Record<String, T> record) {
    if (given == null || !input.needsFlow()) {
      return input;
    }
    RecordMetadata place = requireNonNull(context, "context").recordMetadata().orElseThrow();
    byte[] value = given.serialize(place.topic(), record.value());
    return input.from(
        new FlowInput.Source(
            place.topic(),
            place.partition(),
            place.offset(),
            record.key(),
            Base64.getEncoder().encodeToString(value)));
  }
}
