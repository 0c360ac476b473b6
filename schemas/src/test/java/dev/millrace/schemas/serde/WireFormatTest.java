package dev.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.platform.PlatformEvent;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class WireFormatTest {

  @Test
  void isAZeroByteTheIdAndTheEncoding() {
    assertThat(WireFormat.frame(258, new byte[] {7, 8})).containsExactly(0, 0, 0, 1, 2, 7, 8);
  }

  @Property
  void theIdComesBack(@ForAll int id, @ForAll byte[] avro) {
    byte[] framed = WireFormat.frame(id, avro);

    assertThat(WireFormat.schemaId(framed)).isEqualTo(id);
    assertThat(framed).hasSize(WireFormat.PREFIX_LENGTH + avro.length).endsWith(avro);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    GenericRecord event = Samples.random(PlatformEvent.getClassSchema(), 1);

    byte[] value = WireFormat.write(7, event);

    assertThat(WireFormat.schemaId(value)).isEqualTo(7);
    assertThat(WireFormat.read(value, event.getSchema())).hasToString(event.toString());
  }

  @Property(tries = 5)
  void lessThanAPrefixIsUndecodable(@ForAll @IntRange(max = 4) int length) {
    assertThatThrownBy(() -> WireFormat.schemaId(new byte[length]))
        .isInstanceOf(UndecodableException.class);
  }
}
