package dev.millrace.runtime.streams;

import dev.millrace.runtime.kafka.DeadLetters.Failure;
import dev.millrace.schemas.serde.UndecodableException;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Records that will never be decoded go to the dead letters and the stream goes on; on anything
 * else, such as a registry that is away, the thread fails and the record is read again.
 */
public final class DeadLetteringDeserializationHandler implements DeserializationExceptionHandler {

  private @Nullable StreamsDeadLetters deadLetters;

  @Override
  public Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
    if (exception instanceof UndecodableException e && deadLetters != null) {
      return Response.resume(deadLetters.letters(record, Failure.of(e)));
    }
    return Response.fail();
  }

  @Override
  public void configure(Map<String, ?> settings) {
    deadLetters = StreamsDeadLetters.from(settings);
  }
}
