package dev.millrace.schemas.serde;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Lets the configured deserializer read a value, and tells apart what a retry may cure from what it
 * will not: the registry is waited for, a value that cannot be read is an {@link
 * UndecodableException}. May be used by several threads at once.
 */
final class EventDeserializer<T> implements Deserializer<T> {

  /** How often a value is read while the registry answers, before it is given up. */
  private static final int ATTEMPTS = 10;

  private final Deserializer<T> delegate;
  private final SchemaRegistry registry;

  /** Schemas that the delegate has, so that it reads without the registry. */
  private final Set<Integer> readSchemas = ConcurrentHashMap.newKeySet();

  /** One thread asks for a schema; the others find it. */
  private final ReentrantLock firstRead = new ReentrantLock();

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
    if (readSchemas.contains(schemaId)) {
      return read(topic, headers, value, schemaId);
    }
    firstRead.lock();
    try {
      Schema _ = registry.schema(schemaId);
      T first = read(topic, headers, value, schemaId);
      readSchemas.add(schemaId);
      return first;
    } finally {
      firstRead.unlock();
    }
  }

  private T read(String topic, Headers headers, byte[] value, int schemaId) {
    RegistryRetry retry =
        new RegistryRetry("read schema " + schemaId, registry.config().patience());
    int attempt = 1;
    while (true) {
      try {
        return delegate.deserialize(topic, headers, value);
      } catch (RuntimeException e) {
        if (!RegistryFailures.isUnavailable(e)) {
          throw malformed(topic, schemaId, e);
        }
        if (registry.isAvailable() && attempt++ == ATTEMPTS) {
          throw malformed(topic, schemaId, e);
        }
        if (!retry.waitForNextTry(RegistryFailures.rootMessage(e))) {
          throw new RegistryUnavailableException(
              "could not read schema %d for %s at the schema registry %s within %s"
                  .formatted(
                      schemaId, topic, registry.config().url(), registry.config().patience()),
              e);
        }
      }
    }
  }

  private static UndecodableException malformed(String topic, int schemaId, RuntimeException e) {
    return UndecodableException.malformed(
        "the value does not fit what %s carries, read with schema %d: %s"
            .formatted(topic, schemaId, RegistryFailures.rootMessage(e)),
        e);
  }

  @Override
  public void close() {
    delegate.close();
  }
}
