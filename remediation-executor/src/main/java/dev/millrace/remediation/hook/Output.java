package dev.millrace.remediation.hook;

import dev.millrace.runtime.redaction.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The end of what a hook says: of bounded size, and without what looks like a credential. */
final class Output {

  static final int MAX_BYTES = 16 << 10;

  private static final String CUT = "…\n";

  private byte[] tail = new byte[0];
  private boolean isCut;

  synchronized void append(byte[] bytes, int length) {
    byte[] all = Arrays.copyOf(tail, tail.length + length);
    System.arraycopy(bytes, 0, all, tail.length, length);
    isCut |= all.length > MAX_BYTES;
    tail =
        all.length <= MAX_BYTES ? all : Arrays.copyOfRange(all, all.length - MAX_BYTES, all.length);
  }

  /** The text; a line that was cut is left out, as half a credential would not be recognised. */
  synchronized String text() {
    String text = new String(tail, StandardCharsets.UTF_8).replace("\0", "");
    if (isCut) {
      text = CUT + text.substring(text.indexOf('\n') + 1);
    }
    return Redaction.redact(text).strip();
  }
}
