package dev.millrace.audit.redact;

import dev.millrace.schemas.serde.RegistryUnavailableException;
import dev.millrace.schemas.serde.WireFormat;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Redacts the values of records: decoded, blanked where the paths of their topic lead, and written
 * again with the schema they came with. A value of such a topic that cannot be decoded, or that is
 * larger than {@link LimitedReader} takes, is withheld, as nobody can tell what is in it; Kafka has
 * it.
 */
public final class Redactor {

  /** Why a record is not as its producer wrote it. */
  public static final String WITHHELD = "withheld: it cannot be decoded, so it cannot be redacted";

  private final IntFunction<Schema> schemas;
  private final Map<String, List<RedactionPath>> byTopic;

  /**
   * A record with what was taken out of it.
   *
   * @param record the record to store
   * @param note what was done, for the column {@code redacted}; null when nothing was
   */
  public record Redacted(ConsumerRecord<byte[], byte[]> record, @Nullable String note) {}

  /**
   * @param schemas finds a schema by its id
   * @param paths JSON paths by topic, separated by spaces
   * @throws IllegalArgumentException if a path is none
   */
  public Redactor(IntFunction<Schema> schemas, Map<String, String> paths) {
    this.schemas = schemas;
    Map<String, List<RedactionPath>> parsed = new LinkedHashMap<>();
    paths.forEach((topic, texts) ->
        parsed.put(
            topic,
            List.of(texts.strip().split("\\s+")).stream().map(RedactionPath::parse).toList()));
    this.byTopic = Map.copyOf(parsed);
  }

  /**
   * Redacts a record.
   *
   * @throws RegistryUnavailableException if its schema cannot be found now
   */
  public Redacted redact(ConsumerRecord<byte[], byte[]> record) {
    List<RedactionPath> paths = byTopic.get(record.topic());
    byte[] value = record.value();
    if (paths == null || value == null) {
      return new Redacted(record, null);
    }
    try {
      return redact(record, value, paths);
    } catch (RegistryUnavailableException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      return new Redacted(with(record, null), WITHHELD);
    }
  }

  private Redacted redact(
      ConsumerRecord<byte[], byte[]> record, byte[] value, List<RedactionPath> paths)
      throws IOException {
    int schemaId = WireFormat.schemaId(value);
    Schema schema = schemas.apply(schemaId);
    GenericRecord decoded = read(value, schema);
    List<String> done =
        paths.stream()
            .filter(path -> Redactions.apply(decoded, path))
            .map(RedactionPath::text)
            .toList();
    if (done.isEmpty()) {
      return new Redacted(record, null);
    }
    return new Redacted(with(record, WireFormat.write(schemaId, decoded)), String.join(" ", done));
  }

  private static GenericRecord read(byte[] value, Schema schema) throws IOException {
    int prefix = WireFormat.PREFIX_LENGTH;
    return new LimitedReader(schema)
        .read(null, DecoderFactory.get().binaryDecoder(value, prefix, value.length - prefix, null));
  }

  @SuppressWarnings("NullAway") // Kafka takes null for a value that is not there
  private static ConsumerRecord<byte[], byte[]> with(
      ConsumerRecord<byte[], byte[]> record, byte @Nullable [] value) {
    return new ConsumerRecord<>(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        record.timestampType(),
        record.serializedKeySize(),
        value == null ? ConsumerRecord.NULL_SIZE : value.length,
        record.key(),
        value,
        record.headers(),
        record.leaderEpoch());
  }
}
