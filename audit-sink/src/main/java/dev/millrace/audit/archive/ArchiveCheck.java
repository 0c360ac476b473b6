package dev.millrace.audit.archive;

import dev.millrace.audit.chain.ArchivedRun;
import dev.millrace.audit.chain.ChainDigest;
import dev.millrace.audit.chain.ChainWalk;
import dev.millrace.audit.chain.ChainedRow;
import dev.millrace.audit.chain.CheckpointChain;
import dev.millrace.audit.chain.Finding;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Checks the files of archives, one pass over each: the signature of its description, its digest,
 * the hash chain of its rows between where each run enters and leaves it, and the checkpoints that
 * name any of them.
 */
public final class ArchiveCheck {

  private static final int GZIP_BUFFER_BYTES = 1 << 16;

  private final ArchiveFolder folder;
  private final PublicKey key;
  private final CheckpointChain checkpoints;
  private final ChainWalk.PayloadCheck payloads;
  private final ChainDigest digest = new ChainDigest();

  /**
   * @param key verifies descriptions
   * @param payloads compares the payloads of rows with their bytes
   */
  public ArchiveCheck(
      ArchiveFolder folder,
      PublicKey key,
      CheckpointChain checkpoints,
      ChainWalk.PayloadCheck payloads) {
    this.folder = folder;
    this.key = key;
    this.checkpoints = checkpoints;
    this.payloads = payloads;
  }

  /** What does not hold of an archive, the first of it. */
  public Optional<Finding> check(Archive archive) {
    String place = "archive " + archive.name();
    try (InputStream in = folder.openRows(archive.name())) {
      return archive.isSignedBy(key)
          ? check(archive, in)
          : Optional.of(new Finding(place, "its description is not signed by the sink's key"));
    } catch (NoSuchFileException e) {
      return Optional.of(
          new Finding(place, "its file is missing at " + folder.rows(archive.name())));
    } catch (IOException e) {
      return Optional.of(new Finding(place, "its file cannot be read: " + e.getMessage()));
    }
  }

  /** The same for rows that are read from elsewhere, and without the signature. */
  Optional<Finding> check(Archive archive, InputStream in) throws IOException {
    String place = "archive " + archive.name();
    MessageDigest sha256 = sha256();
    Optional<Finding> finding;
    try (DigestInputStream file = new DigestInputStream(in, sha256)) {
      finding = rows(archive, file);
    }
    if (!HexFormat.of().formatHex(sha256.digest()).equals(archive.sha256())) {
      String where = finding.map(found -> "; first at " + found.place()).orElse("");
      return Optional.of(new Finding(place, "its file is not the one that was written" + where));
    }
    return finding.map(found -> new Finding(place + ", " + found.place(), found.what()));
  }

  /** Reads the file to its end whatever it finds, for the digest. */
  private Optional<Finding> rows(Archive archive, InputStream file) throws IOException {
    try (InputStream unpacked = new GZIPInputStream(file, GZIP_BUFFER_BYTES)) {
      Optional<Finding> finding = runs(archive, unpacked);
      file.transferTo(OutputStream.nullOutputStream());
      return finding;
    } catch (ZipException | EOFException e) {
      file.transferTo(OutputStream.nullOutputStream());
      return unreadable(e);
    }
  }

  private Optional<Finding> runs(Archive archive, InputStream unpacked) {
    try {
      ArchivedRows rows = new ArchivedRows(unpacked);
      for (ArchivedRun run : archive.runs()) {
        Optional<Finding> finding = along(run, rows);
        if (finding.isPresent()) {
          return finding;
        }
      }
      return rows.next().map(row -> new Finding(at(row), "no run of the archive has it"));
    } catch (IOException e) {
      return unreadable(e);
    }
  }

  private static Optional<Finding> unreadable(IOException e) {
    return Optional.of(new Finding("its rows", "they cannot be read: " + e.getMessage()));
  }

  private Optional<Finding> along(ArchivedRun run, ArchivedRows rows) throws IOException {
    ChainWalk walk =
        new ChainWalk(
            run.place(),
            checkpoints.heads(run.place()).subMap(run.first(), true, run.last(), true),
            payloads,
            digest,
            HexFormat.of().parseHex(run.previous()));
    while (walk.rows() < run.rows() && walk.finding().isEmpty()) {
      Optional<ChainedRow> row = rows.next();
      if (row.isEmpty() || !row.get().place().equals(run.place())) {
        return Optional.of(
            new Finding(run.place() + "@" + run.last(), "rows before it are missing"));
      }
      walk.over(row.get());
    }
    walk.reached(run.first(), run.last());
    if (walk.finding().isPresent()) {
      return walk.finding();
    }
    boolean ends = run.hash() == null ? walk.isAtStart() : walk.isAt(run.hash());
    return ends && walk.last() == run.last()
        ? Optional.empty()
        : Optional.of(
            new Finding(run.place() + "@" + walk.last(), "it is not the last of its run"));
  }

  private static String at(ChainedRow row) {
    return row.place() + "@" + row.offset();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
