package dev.millrace.schemas.serde;

import io.apicurio.registry.serde.avro.AvroDatumProvider;
import io.apicurio.registry.serde.avro.AvroSerdeConfig;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes Apicurio's serde read every value of a topic into the class of the topic, by Avro's schema
 * resolution, whatever the writer called its record. Made by that serde, hence public.
 */
public final class ExpectedTypeDatumProvider implements AvroDatumProvider<SpecificRecord> {

  /** Setting of the serde that holds the {@link Schema} to read with. */
  static final String EXPECTED_SCHEMA = "millrace.expected.schema";

  private final Map<Schema, DatumReader<SpecificRecord>> readers = new ConcurrentHashMap<>();
  private @Nullable Schema expected;

  @Override
  public void configure(AvroSerdeConfig config) {
    if (!(config.originals().get(EXPECTED_SCHEMA) instanceof Schema schema)) {
      throw new IllegalArgumentException(
          "expected a schema in the setting " + EXPECTED_SCHEMA + ", found none");
    }
    expected = schema;
  }

  @Override
  public DatumReader<SpecificRecord> createDatumReader(Schema written) {
    return readers.computeIfAbsent(written, schema -> new SpecificDatumReader<>(schema, expected));
  }

  @Override
  public DatumWriter<SpecificRecord> createDatumWriter(SpecificRecord value, Schema schema) {
    return new SpecificDatumWriter<>(schema);
  }

  @Override
  public Schema toSchema(SpecificRecord value) {
    return value.getSchema();
  }
}
