package dev.millrace.audit.archive;

import dev.millrace.audit.chain.ArchivedRun;
import dev.millrace.audit.chain.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * What is known of an archive: what it holds, and the digest of its file, signed.
 *
 * @param name name of the archive and, with a suffix, of its files
 * @param table partition of {@code audit.records} whose rows it holds
 * @param day day (UTC) of these rows
 * @param rows how many they are
 * @param fileBytes length of the compressed file
 * @param sha256 SHA-256 of the compressed file
 * @param archivedAt when it was made, to the millisecond
 * @param keyId key that signed it
 * @param signature Ed25519 signature of all of this, in Base64
 * @param runs where the hash chains enter and leave these rows, in the order of the file
 */
public record Archive(
    String name,
    String table,
    LocalDate day,
    long rows,
    long fileBytes,
    String sha256,
    Instant archivedAt,
    String keyId,
    String signature,
    List<ArchivedRun> runs) {

  public Archive {
    runs = List.copyOf(runs);
  }

  /** The same, signed. */
  Archive signedWith(SigningKey key) {
    Archive unsigned = withSignature(key.id(), "");
    return withSignature(key.id(), key.sign(unsigned.content()));
  }

  private Archive withSignature(String by, String signed) {
    return new Archive(name, table, day, rows, fileBytes, sha256, archivedAt, by, signed, runs);
  }

  /** Whether it is as it was when it was signed. */
  public boolean isSignedBy(PublicKey key) {
    return SigningKey.isSigned(content(), signature, key);
  }

  /** The text that is signed: every field but the signature, one to a line. */
  private byte[] content() {
    StringBuilder text = new StringBuilder("millrace audit archive 1\n");
    for (Object field :
        List.of(name, table, day, rows, fileBytes, sha256, archivedAt.toEpochMilli(), keyId)) {
      text.append(field).append('\n');
    }
    for (ArchivedRun run : runs) {
      text.append(run.place().topic())
          .append(' ')
          .append(run.place().partition())
          .append(' ')
          .append(run.first())
          .append(' ')
          .append(run.last())
          .append(' ')
          .append(run.rows())
          .append(' ')
          .append(run.previous())
          .append(' ')
          .append(run.hash())
          .append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
