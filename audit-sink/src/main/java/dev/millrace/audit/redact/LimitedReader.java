package dev.millrace.audit.redact;

import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.ResolvingDecoder;

/**
 * Reads one value of at most {@value #MAX_PARTS} parts, nested at most {@value #MAX_DEPTH} times. A
 * record may hold itself again at each byte, and an array millions of parts that take no bytes.
 */
final class LimitedReader extends GenericDatumReader<GenericRecord> {

  static final int MAX_DEPTH = 400;
  static final int MAX_PARTS = 1_000_000;

  private int depth;
  private int parts;

  LimitedReader(Schema schema) {
    super(schema, schema, withoutFastReader());
  }

  /** The fast reader asks none of the methods that are overridden here. */
  private static GenericData withoutFastReader() {
    GenericData data = new GenericData();
    data.setFastReaderEnabled(false);
    return data;
  }

  @Override
  protected Object readRecord(Object old, Schema expected, ResolvingDecoder in) throws IOException {
    if (++depth > MAX_DEPTH) {
      throw new AvroRuntimeException("nested deeper than %d times".formatted(MAX_DEPTH));
    }
    count(expected.getFields().size());
    Object record = super.readRecord(old, expected, in);
    depth--;
    return record;
  }

  @Override
  protected void addToArray(Object array, long position, Object element) {
    count(1);
    super.addToArray(array, position, element);
  }

  @Override
  protected void addToMap(Object map, Object key, Object value) {
    count(1);
    super.addToMap(map, key, value);
  }

  private void count(int more) {
    parts += more;
    if (parts > MAX_PARTS) {
      throw new AvroRuntimeException("more than %d parts".formatted(MAX_PARTS));
    }
  }
}
