package dev.millrace.router.workflow.topology;

import static java.util.Objects.requireNonNull;

import dev.millrace.router.workflow.FlowInput;
import dev.millrace.runtime.streams.EventContexts;
import dev.millrace.schemas.event.EventContext;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Finds out what a record means to flows; the flow becomes the key, and is told at once. */
final class MeaningProcessor<T extends SpecificRecord>
    implements Processor<String, T, String, FlowInput> {

  private final BiFunction<T, EventContext, Optional<FlowInput>> meaning;
  private @Nullable ProcessorContext<String, FlowInput> context;

  MeaningProcessor(BiFunction<T, EventContext, Optional<FlowInput>> meaning) {
    this.meaning = meaning;
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
          here.forward(new Record<>(input.flow(), input, record.timestamp()));
          here.commit();
        });
  }
}
