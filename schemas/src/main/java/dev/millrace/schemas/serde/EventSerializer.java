package dev.millrace.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes values under the id of their schema. One that the app registered when it started is known;
 * for any other the configured serializer writes the first value, which registers it. From then on
 * a registry that is away does not matter, and a value costs its encoding and nothing else.
 */
final class EventSerializer<T extends SpecificRecord> implements Serializer<T> {

  private static final int INITIAL_CAPACITY = 512;

  /** A buffer is made as large as the last value, up to here; beyond it grows. */
  private static final int MAX_EXPECTED_LENGTH = 64 << 10;

  private final Serializer<T> delegate;
  private final SchemaRegistry registry;
  private final Map<Subject, Writer> writers = new ConcurrentHashMap<>();

  /** Where a schema is registered: the same schema on two topics stands under two subjects. */
  private record Subject(String topic, Schema schema) {}

  /**
   * How the values of a subject are written.
   *
   * @param expectedLength length of the last value, in bytes: the next is about as long
   */
  private record Writer(
      int schemaId, SpecificDatumWriter<SpecificRecord> datumWriter, AtomicInteger expectedLength) {

    Writer(int schemaId, Schema schema) {
      this(schemaId, new SpecificDatumWriter<>(schema), new AtomicInteger(INITIAL_CAPACITY));
    }
  }

  EventSerializer(Serializer<T> delegate, SchemaRegistry registry) {
    this.delegate = delegate;
    this.registry = registry;
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable T value) {
    return serialize(topic, new RecordHeaders(), value);
  }

  @Override
  public byte @Nullable [] serialize(String topic, Headers headers, @Nullable T value) {
    if (value == null) {
      return null;
    }
    Subject subject = new Subject(topic, value.getSchema());
    Writer writer = writers.get(subject);
    if (writer != null) {
      return encode(writer, value);
    }
    OptionalInt registered = registry.registeredId(topic, value.getSchema());
    if (registered.isPresent()) {
      writer = new Writer(registered.getAsInt(), value.getSchema());
      writers.put(subject, writer);
      return encode(writer, value);
    }
    byte[] first = register(topic, value);
    writers.put(subject, new Writer(WireFormat.schemaId(first), value.getSchema()));
    return first;
  }

  private byte[] register(String topic, T value) {
    Duration patience = registry.config().patience();
    RegistryRetry retry = new RegistryRetry("register the schema of " + topic, patience);
    while (true) {
      try {
        return delegate.serialize(topic, new RecordHeaders(), value);
      } catch (RuntimeException e) {
        if (!RegistryFailures.isUnavailable(e)) {
          throw new SerializationException("could not write a value for " + topic, e);
        }
        if (!retry.waitForNextTry(RegistryFailures.rootMessage(e))) {
          throw new RegistryUnavailableException(
              "could not register the schema of " + topic + " within " + patience, e);
        }
      }
    }
  }

  private static byte[] encode(Writer writer, SpecificRecord value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(writer.expectedLength().get());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      out.write(WireFormat.prefix(writer.schemaId()));
      writer.datumWriter().write(value, encoder);
      encoder.flush();
    } catch (IOException | RuntimeException e) {
      throw new SerializationException("could not encode a " + value.getSchema().getName(), e);
    }
    writer.expectedLength().set(Math.min(out.size(), MAX_EXPECTED_LENGTH));
    return out.toByteArray();
  }

  @Override
  public void close() {
    delegate.close();
  }
}
