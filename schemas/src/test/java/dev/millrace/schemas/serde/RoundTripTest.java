package dev.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

class RoundTripTest {

  /** Whatever any producer writes, the generated class takes in and gives back. */
  @Property(tries = 1_000)
  void everyRecordOfEveryTopicComesBackAsItWas(@ForAll("topics") Topic<?> topic, @ForAll long seed)
      throws IOException {
    GenericRecord written = Samples.random(topic.schema(), seed);

    SpecificRecord record = readSpecific(topic.schema(), Samples.encode(written));
    byte[] again = encode(record);

    assertThat(record).isInstanceOf(topic.valueType());
    assertThat(readSpecific(topic.schema(), again)).isEqualTo(record);
    assertThat(readGeneric(topic.schema(), again)).isEqualTo(written);
  }

  @Provide
  Arbitrary<Topic<?>> topics() {
    List<Topic<?>> all = Topics.all(List.of("claude"));
    return Arbitraries.of(all);
  }

  private static SpecificRecord readSpecific(Schema schema, byte[] bytes) throws IOException {
    return new SpecificDatumReader<SpecificRecord>(schema)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
  }

  private static GenericRecord readGeneric(Schema schema, byte[] bytes) throws IOException {
    return new GenericDatumReader<GenericRecord>(schema)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
  }

  private static byte[] encode(SpecificRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new SpecificDatumWriter<SpecificRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
