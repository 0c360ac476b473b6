package dev.millrace.router.topology;

import dev.millrace.router.queue.Task;
import dev.millrace.router.routing.RequestRouting;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request away that belongs into no queue: whoever follows the task is told, and the
 * request goes to the dead letters, in one transaction.
 */
final class RejectProcessor implements Processor<String, TaskRequest, String, SpecificRecord> {

  /** Longest id of a task, in characters, that somebody may follow. */
  private static final int MAX_TOLD_ID = 4_000;

  private final RequestRouting routing;
  private @Nullable ProcessorContext<String, SpecificRecord> context;

  RejectProcessor(RequestRouting routing) {
    this.routing = routing;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> processorContext) {
    context = processorContext;
  }

  @Override
  public void process(Record<String, TaskRequest> record) {
    if (context == null) {
      throw new IllegalStateException("not initialised");
    }
    TaskRequest request = record.value();
    if (request == null) {
      throw new InvalidEventException("expected a task request, found none");
    }
    switch (routing.decide(request)) {
      case RequestRouting.Decision.ToQueue _, RequestRouting.Decision.ToWorkflow _ ->
          throw new IllegalStateException("an accepted request was to be turned away");
      case RequestRouting.Decision.Refused refused -> {
        if (!request.getTaskId().isBlank() && request.getTaskId().length() <= MAX_TOLD_ID) {
          Cause cause = Cause.of(request, origin(context, record));
          Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
          context.forward(EffectWriter.rejected(null, request, refused.reason(), cause, now));
        }
        throw new InvalidEventException(refused.reason());
      }
    }
  }

  private static Task.Origin origin(
      ProcessorContext<String, SpecificRecord> context, Record<String, TaskRequest> record) {
    RecordMetadata metadata = context.recordMetadata().orElseThrow();
    return Envelope.open(
        Envelope.seal(record.headers(), metadata, record.timestamp()), record.timestamp());
  }
}
