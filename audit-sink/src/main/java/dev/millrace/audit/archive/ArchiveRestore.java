package dev.millrace.audit.archive;

import dev.millrace.audit.chain.Finding;
import dev.millrace.audit.partition.DailyPartitions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.PGConnection;

/**
 * Brings the rows of an archive back into the mirror, all or none; one that is not what it says it
 * is, is refused.
 */
public final class ArchiveRestore {

  private static final String COPY_IN =
      "COPY audit.records (" + ArchivedRows.COLUMNS + ") FROM STDIN (FORMAT binary)";

  private static final String ALREADY_THERE = "23505";

  private final Jdbi jdbi;
  private final ArchiveFolder folder;
  private final ArchiveCheck check;
  private final DailyPartitions partitions;
  private final Clock clock;

  /**
   * @param check checks the archive first
   * @param partitions makes the partition of its day, where there is none
   */
  public ArchiveRestore(
      Jdbi jdbi,
      ArchiveFolder folder,
      ArchiveCheck check,
      DailyPartitions partitions,
      Clock clock) {
    this.jdbi = jdbi;
    this.folder = folder;
    this.check = check;
    this.partitions = partitions;
    this.clock = clock;
  }

  /**
   * Restores an archive.
   *
   * @param keep for how long retention leaves its day alone
   * @return what was restored
   * @throws ArchiveException if the archive does not hold, or its rows are in the mirror
   */
  public Archive restore(String name, Duration keep)
      throws IOException, SQLException, ArchiveException {
    Archive archive = folder.describe(name);
    if (!archive.name().equals(name)) {
      throw new ArchiveException(
          "archive %s: its description is that of %s".formatted(name, archive.name()));
    }
    Optional<Finding> finding = check.check(archive);
    if (finding.isPresent()) {
      throw new ArchiveException(finding.get().place() + ": " + finding.get().what());
    }
    partitions.makeFor(archive.day());
    try (Handle handle = jdbi.open()) {
      requireDropped(handle, archive);
      handle.begin();
      try {
        copy(handle, archive);
        Instant now = clock.instant();
        new ArchiveStore(handle).restored(archive, now, now.plus(keep));
        handle.commit();
      } catch (SQLException | IOException | ArchiveException | RuntimeException e) {
        handle.rollback();
        throw e;
      }
    }
    return archive;
  }

  /** An archive that the mirror does not know, as of a database made anew, is told to it. */
  private static void requireDropped(Handle handle, Archive archive) throws ArchiveException {
    ArchiveStore store = new ArchiveStore(handle);
    Optional<ArchiveStore.Known> known =
        store.all().stream().filter(one -> one.archive().name().equals(archive.name())).findFirst();
    if (known.isEmpty()) {
      store.add(archive);
    } else if (!known.get().standsForRows()) {
      throw new ArchiveException(
          "archive %s: its rows are in the mirror".formatted(archive.name()));
    }
  }

  private void copy(Handle handle, Archive archive)
      throws IOException, SQLException, ArchiveException {
    MessageDigest sha256 = ArchiveCheck.sha256();
    try (DigestInputStream file = new DigestInputStream(folder.openRows(archive.name()), sha256);
        InputStream rows = new GZIPInputStream(file)) {
      long copied =
          handle.getConnection().unwrap(PGConnection.class).getCopyAPI().copyIn(COPY_IN, rows);
      file.transferTo(OutputStream.nullOutputStream());
      boolean isSame = HexFormat.of().formatHex(sha256.digest()).equals(archive.sha256());
      if (copied != archive.rows() || !isSame) {
        throw new ArchiveException(
            "archive %s: its file changed while it was read".formatted(archive.name()));
      }
    } catch (SQLException e) {
      if (ALREADY_THERE.equals(e.getSQLState())) {
        throw new ArchiveException(
            "archive %s: some of its rows are in the mirror already".formatted(archive.name()));
      }
      throw e;
    }
  }
}
