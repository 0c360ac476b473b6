package dev.millrace.schemas.serde;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the configured deserializer read a value, and tells apart what a retry may cure from what it
 * will not: the registry is waited for, a value that cannot be read is an {@link
 * UndecodableException}.
 */
final class EventDeserializer<T> implements Deserializer<T> {

  /** How often a value is read whose schema the registry knows, before it is given up. */
  private static final int ATTEMPTS = 3;

  private final Deserializer<T> delegate;
  private final SchemaRegistry registry;

  EventDeserializer(Deserializer<T> delegate, SchemaRegistry registry) {
    this.delegate = delegate;
    this.registry = registry;
  }

  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] value) {
    return deserialize(topic, new RecordHeaders(), value);
  }

  @Override
  public @Nullable T deserialize(String topic, Headers headers, byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    int schemaId = WireFormat.schemaId(value);
    for (int attempt = 1; ; attempt++) {
      registry.schema(schemaId);
      try {
        return delegate.deserialize(topic, headers, value);
      } catch (RuntimeException e) {
        if (!RegistryFailures.isUnavailable(e) || attempt == ATTEMPTS) {
          throw UndecodableException.malformed(
              "the value does not fit what %s carries, read with schema %d: %s"
                  .formatted(topic, schemaId, rootMessage(e)),
              e);
        }
      }
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  @Override
  public void close() {
    delegate.close();
  }
}
