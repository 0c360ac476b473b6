package dev.millrace.runtime.streams;

import dev.millrace.runtime.kafka.DeadLetters.Failure;
import dev.millrace.runtime.validation.InvalidEventException;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Events that a processor refuses with {@link InvalidEventException} go to the dead letters and the
 * stream goes on; on any other failure the thread fails and the event is processed again.
 */
public final class DeadLetteringProcessingHandler implements ProcessingExceptionHandler {

  private @Nullable StreamsDeadLetters deadLetters;

  @Override
  public Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
    if (exception instanceof InvalidEventException e
        && deadLetters != null
        && context.topic() != null) {
      return Response.resume(
          deadLetters.letters(source(context), Failure.invalid(String.valueOf(e.getMessage()))));
    }
    return Response.fail();
  }

  private static ConsumerRecord<byte[], byte[]> source(ErrorHandlerContext context) {
    return new ConsumerRecord<>(
        context.topic(),
        context.partition(),
        context.offset(),
        context.timestamp(),
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        context.sourceRawKey(),
        context.sourceRawValue(),
        context.headers(),
        Optional.empty());
  }

  @Override
  public void configure(Map<String, ?> settings) {
    deadLetters = StreamsDeadLetters.from(settings);
  }
}
