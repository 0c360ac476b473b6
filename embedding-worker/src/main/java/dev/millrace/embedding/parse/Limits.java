package dev.millrace.embedding.parse;

import java.time.Duration;

/**
 * How much a document may unpack to, and how long that may take.
 *
 * @param maxCharacters characters of its text at most
 * @param maxUnpackedBytes bytes of all of its compressed parts together at most
 * @param time for reading it
 */
public record Limits(int maxCharacters, long maxUnpackedBytes, Duration time) {

  /** Far more than any document for people has. */
  public static final Limits DEFAULT = new Limits(20_000_000, 512L << 20, Duration.ofSeconds(60));
}
