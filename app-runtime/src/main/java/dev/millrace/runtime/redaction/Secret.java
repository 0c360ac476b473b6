package dev.millrace.runtime.redaction;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A value that must not be seen: its string form hides it. */
public record Secret(String reveal) {

  /** Compares in time that does not depend on where the texts differ. */
  public boolean matches(String candidate) {
    return MessageDigest.isEqual(
        reveal.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "***";
  }
}
