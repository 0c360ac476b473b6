package dev.millrace.runtime.writer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Fences text that others wrote, so that a model can tell it from its instructions. The marks carry
 * a code that depends on a secret of the process's choice and on the run, so that the text cannot
 * hold the mark that ends it.
 */
public final class Fence {

  private static final int CODE_BYTES = 8;

  private final String code;

  /**
   * @param salt what outsiders do not know
   */
  public Fence(String salt, String runId) {
    this.code = HexFormat.of().formatHex(sha256(salt + '\n' + runId), 0, CODE_BYTES);
  }

  /** The code that all marks of this run carry. */
  public String code() {
    return code;
  }

  /**
   * The text between its marks.
   *
   * @param label what it is, for example {@code file docs/setup.md}
   */
  public String around(String label, String text) {
    String name = label.replaceAll("[\\p{Cntrl}<>\"]", " ").strip();
    return "<untrusted-%s what=\"%s\">\n%s\n</untrusted-%s>"
        .formatted(code, name, text.replace(code, "[fence]").stripTrailing(), code);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
