package dev.millrace.audit.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/** JSON that others wrote, as {@code jsonb} can hold it. */
public final class StorableJson {

  private static final JsonFactory JSON = new JsonFactory();

  private StorableJson() {}

  /** The text as JSON: the value it holds, or a JSON string of it when it holds none. */
  public static String of(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    EmbeddedJson embedded = new EmbeddedJson(JSON);
    return embedded.read(utf8, utf8.length)
        ? embedded.text()
        : '"'
            + new String(JsonStringEncoder.getInstance().quoteAsString(StorableText.of(text)))
            + '"';
  }
}
