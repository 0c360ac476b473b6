package dev.millrace.repositories;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A file as of a commit.
 *
 * @param content its bytes; not copied, so leave them as they are
 * @param commitSha commit it was read at
 * @param committedAt when that commit was made
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and a copy of megabytes has no use
public record RepositoryFile(byte[] content, String commitSha, Instant committedAt) {

  /** Largest file that is read, in bytes. */
  public static final int MAX_BYTES = 8 << 20;

  /** The content as UTF-8; bytes that are none become U+FFFD. */
  public String text() {
    return new String(content, StandardCharsets.UTF_8);
  }
}
