package dev.millrace.audit.archive;

import dev.millrace.audit.chain.ArchivedRun;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The archives that the mirror knows of: {@code audit.archives} and {@code audit.archive_runs}. */
public final class ArchiveStore {

  private static final Comparator<ArchivedRun> ORDER =
      Comparator.<ArchivedRun, String>comparing(run -> run.place().topic())
          .thenComparingInt(run -> run.place().partition())
          .thenComparingLong(ArchivedRun::first);

  private static final String ALL =
      """
      SELECT name, table_name, day, rows, file_bytes, sha256, archived_at, key_id, signature,
             dropped_at, restored_at, keep_until
      FROM audit.archives ORDER BY day, name\
      """;

  private static final String RUNS =
      """
      SELECT topic, partition, first_offset, last_offset, rows, previous_hash, last_hash
      FROM audit.archive_runs WHERE archive = :name\
      """;

  private static final String INSERT =
      """
      INSERT INTO audit.archives
        (name, table_name, day, rows, file_bytes, sha256, archived_at, key_id, signature)
      VALUES (:name, :table, :day, :rows, :bytes, :sha256, :at, :key, :signature)\
      """;

  private static final String INSERT_RUN =
      """
      INSERT INTO audit.archive_runs
        (archive, topic, partition, first_offset, last_offset, rows, previous_hash, last_hash)
      VALUES (:name, :topic, :partition, :first, :last, :rows, :previous, :hash)\
      """;

  private final Handle handle;

  /**
   * @param handle one that its owner commits and closes
   */
  public ArchiveStore(Handle handle) {
    this.handle = handle;
  }

  /**
   * An archive and what became of it.
   *
   * @param droppedAt when its rows left the mirror; null while they are there
   * @param restoredAt when they came back; null if they did not
   * @param keepUntil until when retention leaves them alone then
   */
  public record Known(
      Archive archive,
      @Nullable Instant droppedAt,
      @Nullable Instant restoredAt,
      @Nullable Instant keepUntil) {

    /** Whether it stands in the place of its rows. */
    public boolean standsForRows() {
      return droppedAt != null && restoredAt == null;
    }

    boolean isWaitingForDrop() {
      return droppedAt == null && restoredAt == null;
    }
  }

  /** All of them, by day. */
  public List<Known> all() {
    return handle
        .createQuery(ALL)
        .map((row, context) ->
            new Known(
                new Archive(
                    row.getString("name"),
                    row.getString("table_name"),
                    row.getObject("day", LocalDate.class),
                    row.getLong("rows"),
                    row.getLong("file_bytes"),
                    row.getString("sha256"),
                    row.getTimestamp("archived_at").toInstant(),
                    row.getString("key_id"),
                    row.getString("signature"),
                    runs(row.getString("name"))),
                instant(row.getTimestamp("dropped_at")),
                instant(row.getTimestamp("restored_at")),
                instant(row.getTimestamp("keep_until"))))
        .list();
  }

  private static @Nullable Instant instant(java.sql.@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }

  private List<ArchivedRun> runs(String name) {
    return handle
        .createQuery(RUNS)
        .bind("name", name)
        .map((row, context) ->
            new ArchivedRun(
                new TopicPartition(row.getString("topic"), row.getInt("partition")),
                row.getLong("first_offset"),
                row.getLong("last_offset"),
                row.getLong("rows"),
                row.getString("previous_hash"),
                row.getString("last_hash")))
        .stream()
        .sorted(ORDER)
        .toList();
  }

  /** The archive of a table whose rows are still in the mirror. */
  Optional<Known> waitingForDrop(String table) {
    return all().stream()
        .filter(known -> known.archive().table().equals(table) && known.isWaitingForDrop())
        .findFirst();
  }

  /** Whether rows of a day were brought back and are to stay for now. */
  boolean isKept(LocalDate day, Instant now) {
    return all().stream()
        .filter(known -> known.archive().day().equals(day))
        .anyMatch(known -> known.keepUntil() != null && known.keepUntil().isAfter(now));
  }

  /** A name that no archive has. */
  String newName(String table) {
    List<String> names = all().stream().map(known -> known.archive().name()).toList();
    String name = table;
    for (int number = 2; names.contains(name); number++) {
      name = table + "-" + number;
    }
    return name;
  }

  void add(Archive archive) {
    handle.useTransaction(transaction -> {
      transaction
          .createUpdate(INSERT)
          .bind("name", archive.name())
          .bind("table", archive.table())
          .bind("day", archive.day())
          .bind("rows", archive.rows())
          .bind("bytes", archive.fileBytes())
          .bind("sha256", archive.sha256())
          .bind("at", archive.archivedAt().atOffset(ZoneOffset.UTC))
          .bind("key", archive.keyId())
          .bind("signature", archive.signature())
          .execute();
      for (ArchivedRun run : archive.runs()) {
        transaction
            .createUpdate(INSERT_RUN)
            .bind("name", archive.name())
            .bind("topic", run.place().topic())
            .bind("partition", run.place().partition())
            .bind("first", run.first())
            .bind("last", run.last())
            .bind("rows", run.rows())
            .bind("previous", run.previous())
            .bind("hash", run.hash())
            .execute();
      }
    });
  }

  /** Forgets an archive that was not used: its rows are still in the mirror. */
  void forget(Archive archive) {
    handle.execute(
        "DELETE FROM audit.archives WHERE name = ? AND dropped_at IS NULL", archive.name());
  }

  void dropped(Archive archive, Instant at) {
    handle.execute(
        "UPDATE audit.archives SET dropped_at = ? WHERE name = ?",
        at.atOffset(ZoneOffset.UTC),
        archive.name());
  }

  void restored(Archive archive, Instant at, Instant keepUntil) {
    handle.execute(
        "UPDATE audit.archives SET restored_at = ?, keep_until = ? WHERE name = ?",
        at.atOffset(ZoneOffset.UTC),
        keepUntil.atOffset(ZoneOffset.UTC),
        archive.name());
  }
}
