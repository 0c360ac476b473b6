package dev.millrace.audit.archive;

import dev.millrace.audit.chain.ChainDigest;
import dev.millrace.audit.chain.ChainWalk;
import dev.millrace.audit.chain.ChainedRow;
import dev.millrace.audit.chain.CheckpointChain;
import dev.millrace.audit.chain.Finding;
import dev.millrace.audit.chain.SigningKey;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.TopicPartition;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;

/**
 * Writes the rows of a partition to a file: through {@code COPY}, packed, and read back and checked
 * before the file gets its name. Rows whose hashes do not hold are not archived.
 */
final class ArchiveWriter {

  private static final int BUFFER_BYTES = 1 << 16;

  /** The newest row before another, be it in the mirror or in an archive. */
  private static final String BEFORE =
      """
      SELECT hash FROM (
        (SELECT r."offset", encode(r.hash, 'hex') AS hash FROM audit.records r
         WHERE r.topic = :topic AND r.partition = :partition AND r."offset" < :offset
         ORDER BY r."offset" DESC LIMIT 1)
        UNION ALL
        (SELECT a.last_offset, a.last_hash FROM audit.archive_runs a
         WHERE a.topic = :topic AND a.partition = :partition AND a.last_offset < :offset
         ORDER BY a.last_offset DESC LIMIT 1)) before
      ORDER BY "offset" DESC LIMIT 1\
      """;

  private final Handle handle;
  private final ArchiveFolder folder;
  private final Path keyFile;
  private final Clock clock;

  /**
   * @param keyFile file of the key that signs
   */
  ArchiveWriter(Handle handle, ArchiveFolder folder, Path keyFile, Clock clock) {
    this.handle = handle;
    this.folder = folder;
    this.keyFile = keyFile;
    this.clock = clock;
  }

  /** What was written: the digest of the file, and the runs of its rows. */
  private record Written(String sha256, RunRecorder runs) {}

  /**
   * Archives a table; the mirror knows of the archive when this returns.
   *
   * @throws ArchiveException if a row does not hold, or the file is not what was written
   * @throws IOException if the file cannot be written
   */
  Archive write(String table, LocalDate day) throws SQLException, IOException, ArchiveException {
    SigningKey key = SigningKey.loadOrCreate(keyFile);
    String name = new ArchiveStore(handle).newName(table);
    try {
      Written written = copy(table, name);
      Archive archive =
          new Archive(
                  name,
                  table,
                  day,
                  written.runs().rows(),
                  folder.unpublishedBytes(name),
                  written.sha256(),
                  clock.instant().truncatedTo(ChronoUnit.MILLIS),
                  "",
                  "",
                  written.runs().runs())
              .signedWith(key);
      readBack(archive);
      folder.publish(archive);
      new ArchiveStore(handle).add(archive);
      return archive;
    } finally {
      folder.discardUnpublished(name);
    }
  }

  /** On one snapshot, so that the rows before a run are those of the moment the rows are of. */
  private Written copy(String table, String name)
      throws SQLException, IOException, ArchiveException {
    RunRecorder runs = new RunRecorder(this::before);
    MessageDigest sha256 = ArchiveCheck.sha256();
    handle.begin();
    try {
      handle.setTransactionIsolationLevel(TransactionIsolationLevel.REPEATABLE_READ);
      try (OutputStream out = folder.createRows(name);
          OutputStream packed = new FastGzip(new DigestOutputStream(out, sha256))) {
        copy(table, packed, runs);
      }
    } finally {
      handle.rollback();
    }
    return new Written(HexFormat.of().formatHex(sha256.digest()), runs);
  }

  private void copy(String table, OutputStream packed, RunRecorder runs)
      throws SQLException, IOException, ArchiveException {
    PGConnection connection = handle.getConnection().unwrap(PGConnection.class);
    String copyOut =
        """
        COPY (SELECT %s FROM audit.%s ORDER BY topic, partition, "offset")
        TO STDOUT (FORMAT binary)\
        """
            .formatted(ArchivedRows.COLUMNS, table);
    try (InputStream rows =
        new BufferedInputStream(
            new Copied(new PGCopyInputStream(connection, copyOut), packed), BUFFER_BYTES)) {
      ArchivedRows reader = new ArchivedRows(rows);
      for (Optional<ChainedRow> row = reader.next(); row.isPresent(); row = reader.next()) {
        runs.add(row.get());
      }
      rows.transferTo(OutputStream.nullOutputStream());
    }
  }

  private void readBack(Archive archive) throws IOException, ArchiveException {
    CheckpointChain none =
        new CheckpointChain(List.of(), SigningKey.publicKey(SigningKey.publicFile(keyFile)));
    ArchiveCheck check =
        new ArchiveCheck(
            folder,
            SigningKey.publicKey(SigningKey.publicFile(keyFile)),
            none,
            ChainWalk.PayloadCheck.NONE);
    Optional<Finding> finding = check.check(archive, folder.openUnpublished(archive.name()));
    if (finding.isPresent()) {
      throw new ArchiveException(finding.get().place() + ": " + finding.get().what());
    }
  }

  private byte[] before(TopicPartition place, long offset) {
    return handle
        .createQuery(BEFORE)
        .bind("topic", place.topic())
        .bind("partition", place.partition())
        .bind("offset", offset)
        .map((row, context) -> Optional.ofNullable(row.getString(1)))
        .findOne()
        .flatMap(hash -> hash)
        .map(HexFormat.of()::parseHex)
        .orElseGet(ChainDigest::start);
  }

  /** Packs at the speed of a disk: JSON and hashes pack no better with more effort. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /** Writes what is read from it to somewhere else too. */
  private static final class Copied extends FilterInputStream {
    private final OutputStream copy;

    Copied(InputStream in, OutputStream copy) {
      super(in);
      this.copy = copy;
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      if (read >= 0) {
        copy.write(read);
      }
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      if (read > 0) {
        copy.write(bytes, offset, read);
      }
      return read;
    }
  }
}
