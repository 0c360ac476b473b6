package dev.millrace.schemas.serde;

import io.apicurio.registry.serde.avro.AvroDatumProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Makes Apicurio's serde read every value of a topic into the class of the topic, by Avro's schema
 * resolution, whatever the writer called its record.
 */
final class ExpectedTypeDatumProvider<T extends SpecificRecord> implements AvroDatumProvider<T> {

  private final Schema expected;
  private final Map<Schema, DatumReader<T>> readers = new ConcurrentHashMap<>();

  ExpectedTypeDatumProvider(Schema expected) {
    this.expected = expected;
  }

  @Override
  public DatumReader<T> createDatumReader(Schema written) {
    return readers.computeIfAbsent(written, schema -> new SpecificDatumReader<>(schema, expected));
  }

  @Override
  public DatumWriter<T> createDatumWriter(T value, Schema schema) {
    return new SpecificDatumWriter<>(schema);
  }

  @Override
  public Schema toSchema(T value) {
    return value.getSchema();
  }
}
