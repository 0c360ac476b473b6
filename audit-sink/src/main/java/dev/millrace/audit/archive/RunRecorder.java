package dev.millrace.audit.archive;

import dev.millrace.audit.chain.ArchivedRun;
import dev.millrace.audit.chain.ChainDigest;
import dev.millrace.audit.chain.ChainedRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds the runs among rows that come in the order of topic, partition and offset: rows follow each
 * other when their hashes say so. Where a run begins, the row before it stands elsewhere. A row
 * whose hash does not hold is evidence, and ends the archive.
 */
final class RunRecorder {

  private final Before before;
  private final ChainDigest digest = new ChainDigest();
  private final List<ArchivedRun> runs = new ArrayList<>();
  private byte @Nullable [] last;

  /** Finds the row before another. */
  @FunctionalInterface
  interface Before {
    /** Hash of the newest row before an offset, {@link ChainDigest#start} if there is none. */
    byte[] hash(TopicPartition place, long offset) throws SQLException;
  }

  RunRecorder(Before before) {
    this.before = before;
  }

  void add(ChainedRow row) throws SQLException, ArchiveException {
    if (runs.isEmpty() || !runs.getLast().place().equals(row.place()) || !follows(row)) {
      begin(row);
      return;
    }
    ArchivedRun run = runs.removeLast();
    runs.add(
        new ArchivedRun(
            run.place(),
            run.first(),
            row.offset(),
            run.rows() + 1,
            run.previous(),
            hex(row.hash())));
    last = row.hash();
  }

  private boolean follows(ChainedRow row) {
    byte[] hash = row.hash();
    if (hash == null || last == null) {
      return hash == null && last == null;
    }
    return Arrays.equals(digest.next(last, row.link()), hash);
  }

  private void begin(ChainedRow row) throws SQLException, ArchiveException {
    byte[] previous = before.hash(row.place(), row.offset());
    byte[] hash = row.hash();
    boolean holds =
        hash == null
            ? Arrays.equals(previous, ChainDigest.start())
            : Arrays.equals(digest.next(previous, row.link()), hash);
    if (!holds) {
      throw new ArchiveException(
          "%s@%d: its hash does not hold: it was changed, or a row before it is missing"
              .formatted(row.place(), row.offset()));
    }
    runs.add(
        new ArchivedRun(
            row.place(),
            row.offset(),
            row.offset(),
            1,
            HexFormat.of().formatHex(previous),
            hex(hash)));
    last = hash;
  }

  private static @Nullable String hex(byte @Nullable [] hash) {
    return hash == null ? null : HexFormat.of().formatHex(hash);
  }

  List<ArchivedRun> runs() {
    return List.copyOf(runs);
  }

  long rows() {
    return runs.stream().mapToLong(ArchivedRun::rows).sum();
  }
}
