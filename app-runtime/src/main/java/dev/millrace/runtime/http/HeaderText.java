package dev.millrace.runtime.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What a header may carry: the client throws on anything else, and would on every try. */
public final class HeaderText {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final int DELETE = 0x7f;

  private HeaderText() {}

  /** Whether a header carries the text as it is. */
  public static boolean isSendable(String text) {
    return text.equals(text.strip()) && text.chars().allMatch(one -> one >= ' ' && one < DELETE);
  }

  /**
   * An id as a header carries it, different for different ids: what is not visible ASCII, and the
   * percent sign, is encoded as in addresses.
   */
  public static String encoded(String id) {
    StringBuilder value = new StringBuilder();
    for (byte one : id.getBytes(StandardCharsets.UTF_8)) {
      if (one > ' ' && one < DELETE && one != '%') {
        value.append((char) one);
      } else {
        value.append('%').append(HEX.toHexDigits(one));
      }
    }
    return value.toString();
  }
}
