package dev.millrace.audit.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.avro.util.Utf8;

/** One JSON value being written, bounded in size, and whether all of it could be told. */
final class JsonOutput {

  /**
   * A value of a few bytes can claim a billion elements; its JSON must not take the memory. Four
   * times the largest record that a topic takes (8 MiB): floats, the widest of what honest values
   * are full of, become three times as long.
   */
  static final int MAX_BYTES = 32 << 20;

  private static final JsonFactory JSON = new JsonFactory();

  private final Limited bytes = new Limited();
  private final EmbeddedJson embedded = new EmbeddedJson(JSON);
  private final JsonGenerator generator;
  private boolean replaced;

  JsonOutput() throws IOException {
    generator = JSON.createGenerator(bytes);
  }

  JsonGenerator generator() {
    return generator;
  }

  /** Writes a text; what {@code jsonb} cannot hold is replaced. */
  void string(String text) throws IOException {
    generator.writeString(storable(text));
  }

  /** Writes the name of a field. */
  void name(String name) throws IOException {
    generator.writeFieldName(storable(name));
  }

  /** Writes a text from its encoding, which for plain ASCII needs no decoding. */
  void string(Utf8 text) throws IOException {
    if (isPlain(text)) {
      generator.writeUTF8String(text.getBytes(), 0, text.getByteLength());
    } else {
      string(decode(text));
    }
  }

  /** Writes a text that holds JSON as that JSON; as a text when it does not hold JSON. */
  void json(Utf8 text) throws IOException {
    if (embedded.read(text.getBytes(), text.getByteLength())) {
      replaced |= embedded.isReplaced();
      generator.writeRawValue("");
      generator.flush();
      embedded.writeTo(bytes);
    } else {
      string(text);
    }
  }

  /** Ends the value. */
  byte[] finish() throws IOException {
    generator.close();
    return bytes.toByteArray();
  }

  /** Whether some of the text had to be replaced. */
  boolean isReplaced() {
    return replaced;
  }

  private String storable(String text) {
    String storable = StorableText.of(text);
    replaced |= !storable.equals(text);
    return storable;
  }

  private static boolean isPlain(Utf8 text) {
    byte[] bytes = text.getBytes();
    int length = text.getByteLength();
    for (int i = 0; i < length; i++) {
      if (bytes[i] <= 0) {
        return false;
      }
    }
    return true;
  }

  private static String decode(Utf8 text) {
    return new String(text.getBytes(), 0, text.getByteLength(), StandardCharsets.UTF_8);
  }

  /** Bytes up to a limit. */
  static final class Limited extends ByteArrayOutputStream {

    Limited() {
      super(2048);
    }

    @Override
    public synchronized void write(int b) {
      require(1);
      super.write(b);
    }

    @Override
    public synchronized void write(byte[] b, int offset, int length) {
      require(length);
      super.write(b, offset, length);
    }

    private void require(int more) {
      if (more > MAX_BYTES - count) {
        throw new UnreadableValueException(
            "expected a value of at most " + MAX_BYTES + " bytes as JSON, found a larger one");
      }
    }
  }
}
