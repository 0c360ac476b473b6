package dev.millrace.audit.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CopyReaderTest {

  private final CopyBuffer buffer = new CopyBuffer(64, 1024);

  @Test
  void whatWasWrittenIsReadAgain() throws Exception {
    byte[] large = new byte[3 << 20];
    Arrays.fill(large, (byte) 7);
    buffer.row(3);
    buffer.text("first");
    buffer.nullValue();
    buffer.binary(large);
    buffer.row(3);
    buffer.text("");
    buffer.int4(5);
    buffer.nullValue();
    CopyReader reader = reader(buffer.toByteArray(), 3);

    CopyReader.Row first = reader.next().orElseThrow();
    CopyReader.Row second = reader.next().orElseThrow();

    assertThat(first.value(0)).isEqualTo("first".getBytes(UTF_8));
    assertThat(first.value(1)).isNull();
    assertThat(first.value(2)).isEqualTo(large);
    assertThat(second.value(0)).isEmpty();
    assertThat(second.value(1)).containsExactly(0, 0, 0, 5);
    assertThat(reader.next()).isEmpty();
  }

  @Test
  void otherBytesAreRefused() {
    assertThatThrownBy(() -> reader("no rows at all, but a text".getBytes(UTF_8), 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("binary format of COPY");
  }

  @Test
  void rowsOfAnotherTableAreRefused() throws Exception {
    buffer.row(2);
    buffer.int4(1);
    buffer.int4(2);
    CopyReader reader = reader(buffer.toByteArray(), 3);

    assertThatThrownBy(reader::next).hasMessageContaining("expected rows of 3 columns, found 2");
  }

  @Test
  void aLengthThatIsNotThereTakesNoMemory() throws Exception {
    buffer.row(1);
    buffer.int4(1);
    byte[] bytes = buffer.toByteArray();
    int length = bytes.length - Short.BYTES - 2 * Integer.BYTES;
    bytes[length] = 0x3F;
    CopyReader reader = reader(bytes, 1);

    assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
  }

  private static CopyReader reader(byte[] bytes, int columns) throws IOException {
    return new CopyReader(new ByteArrayInputStream(bytes), columns);
  }
}
