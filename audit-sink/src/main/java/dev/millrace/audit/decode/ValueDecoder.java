package dev.millrace.audit.decode;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.serde.RegistryUnavailableException;
import dev.millrace.schemas.serde.SchemaRegistry;
import dev.millrace.schemas.serde.UndecodableException;
import dev.millrace.schemas.serde.WireFormat;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decodes values with the schema they were written with, whatever it is; a new version of a schema
 * needs no restart. Not for use by several threads at once.
 */
public final class ValueDecoder {

  /** Schemas, and topics, that are remembered; a site has thousands at the very most. */
  private static final int MAX_REMEMBERED = 5_000;

  /** For how long a schema that the registry did not know is not asked for again. */
  private static final Duration UNKNOWN_FOR = Duration.ofSeconds(5);

  private final IntFunction<Schema> schemas;
  private final Predicate<Topic<?>> typed;
  private final Map<Integer, Compiled> compiled = new HashMap<>();
  private final Map<String, Optional<Topic<?>>> topics = new HashMap<>();
  private final Set<Integer> unknown = new HashSet<>();
  private long unknownSinceNanos = System.nanoTime();
  private @Nullable BinaryDecoder reused;

  /**
   * @param schemas finds a schema by its id, as {@link SchemaRegistry#schema} does, and throws what
   *     that throws
   * @param typed topics whose values are wanted as records too
   */
  public ValueDecoder(IntFunction<Schema> schemas, Predicate<Topic<?>> typed) {
    this.schemas = schemas;
    this.typed = typed;
  }

  /** A schema, and how its values are read. */
  private record Compiled(
      Schema schema, AvroToJson toJson, Map<String, DatumReader<SpecificRecord>> typedReaders) {}

  /**
   * Decodes one value.
   *
   * @throws RegistryUnavailableException if the registry does not answer: the value may be decoded
   *     later
   */
  public DecodedValue decode(String topic, byte @Nullable [] value) {
    if (value == null) {
      return DecodedValue.TOMBSTONE;
    }
    Integer schemaId = null;
    Compiled schema;
    try {
      schemaId = WireFormat.schemaId(value);
      schema = compiled(schemaId);
    } catch (UndecodableException | UnreadableValueException e) {
      return DecodedValue.undecodable(schemaId, String.valueOf(e.getMessage()));
    }
    return decode(topic, value, schemaId, schema);
  }

  /**
   * Reads a value whose schema is known. Whatever goes wrong lies in the bytes: Avro answers
   * hostile ones with a good dozen kinds of exceptions.
   */
  private DecodedValue decode(String topic, byte[] value, int schemaId, Compiled schema) {
    try {
      JsonOutput json = new JsonOutput();
      schema.toJson().transcode(decoder(value), json);
      return decoded(topic, value, schemaId, schema, json);
    } catch (UnreadableValueException e) {
      return DecodedValue.undecodable(schemaId, String.valueOf(e.getMessage()));
    } catch (EOFException e) {
      return DecodedValue.undecodable(schemaId, "the value ends before its schema does");
    } catch (IOException | RuntimeException e) {
      return DecodedValue.undecodable(schemaId, "the bytes do not fit their schema: " + e);
    }
  }

  private DecodedValue decoded(
      String topic, byte[] value, int schemaId, Compiled schema, JsonOutput json)
      throws IOException {
    byte[] bytes = json.finish();
    String note =
        json.isReplaced() ? "U+0000 or a lone surrogate was replaced by U+FFFD in payload" : null;
    Optional<Topic<?>> wanted = topics.computeIfAbsent(topic, this::wanted);
    if (wanted.isEmpty()) {
      return new DecodedValue(schemaId, bytes, null, note);
    }
    try {
      return new DecodedValue(schemaId, bytes, typed(wanted.get(), value, schema), note);
    } catch (IOException | RuntimeException e) {
      return new DecodedValue(
          schemaId, bytes, null, "not a " + wanted.get().schema().getName() + ": " + e);
    }
  }

  private Optional<Topic<?>> wanted(String topic) {
    return Topics.find(topic).<Topic<?>>map(found -> found).filter(typed);
  }

  private SpecificRecord typed(Topic<?> topic, byte[] value, Compiled schema) throws IOException {
    return schema
        .typedReaders()
        .computeIfAbsent(
            topic.name(), name -> new SpecificDatumReader<>(schema.schema(), topic.schema()))
        .read(null, decoder(value));
  }

  private Compiled compiled(int schemaId) {
    Compiled known = compiled.get(schemaId);
    if (known != null) {
      return known;
    }
    refuseKnownUnknown(schemaId);
    try {
      Schema schema = schemas.apply(schemaId);
      Compiled fresh = new Compiled(schema, new AvroToJson(schema), new HashMap<>());
      if (compiled.size() >= MAX_REMEMBERED) {
        compiled.clear();
        topics.clear();
      }
      compiled.put(schemaId, fresh);
      return fresh;
    } catch (UndecodableException e) {
      unknown.add(schemaId);
      throw e;
    }
  }

  /** Spares the registry a question for every record of a topic full of foreign bytes. */
  private void refuseKnownUnknown(int schemaId) {
    long now = System.nanoTime();
    if (now - unknownSinceNanos > UNKNOWN_FOR.toNanos() || unknown.size() >= MAX_REMEMBERED) {
      unknown.clear();
      unknownSinceNanos = now;
    }
    if (unknown.contains(schemaId)) {
      throw new UnreadableValueException("the schema registry knows no schema with id " + schemaId);
    }
  }

  private BinaryDecoder decoder(byte[] value) {
    reused =
        DecoderFactory.get()
            .binaryDecoder(
                value, WireFormat.PREFIX_LENGTH, value.length - WireFormat.PREFIX_LENGTH, reused);
    return reused;
  }
}
