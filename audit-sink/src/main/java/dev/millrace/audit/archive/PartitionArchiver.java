package dev.millrace.audit.archive;

import dev.millrace.audit.chain.ChainWalk;
import dev.millrace.audit.chain.CheckpointChain;
import dev.millrace.audit.chain.SigningKey;
import dev.millrace.runtime.failure.FileFailures;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Archives partitions of the mirror that have expired, then drops them: never before the archive is
 * complete, checked and on disk, and never when rows came in between. Killed at any moment, it goes
 * on from what is there. Of several sinks one at a time does so.
 */
public final class PartitionArchiver {

  /** Lock that sinks take in turn while they archive; any number of ours. */
  public static final long ADVISORY_LOCK = 0x6d696c6c61726368L;

  /** For how long a drop may hold up the mirror while it waits for readers; then it gives up. */
  private static final int LOCK_TIMEOUT_MS = 500;

  private static final int DROP_ATTEMPTS = 4;

  private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

  private static final String LEAVES =
      """
      SELECT c.relname, substring(c.relname FROM 9 FOR 8) AS day, t.parentrelid::regclass::text
      FROM pg_partition_tree('audit.records') t JOIN pg_class c ON c.oid = t.relid
      WHERE t.isleaf AND c.relname ~ '^records_[0-9]{8}(_|$)' ORDER BY c.relname\
      """;

  private final Jdbi jdbi;
  private final ArchiveFolder folder;
  private final Path keyFile;
  private final Clock clock;

  /**
   * @param keyFile file of the key that signs checkpoints, and archives
   */
  public PartitionArchiver(Jdbi jdbi, ArchiveFolder folder, Path keyFile, Clock clock) {
    this.jdbi = jdbi;
    this.folder = folder;
    this.keyFile = keyFile;
    this.clock = clock;
  }

  /** Which partitions are to go. */
  @FunctionalInterface
  public interface Expiry {
    /** Whether the rows of a day and of these topics have expired, all of them. */
    boolean isOver(LocalDate day, Set<String> topics);
  }

  /**
   * What became of a partition that is to go.
   *
   * @param table its table
   * @param rows rows it had
   * @param problem why it is still there; null when it is gone
   */
  public record Outcome(String table, long rows, @Nullable String problem) {}

  private record Leaf(String table, LocalDate day, String parent) {}

  /**
   * Archives and drops what has expired.
   *
   * @return nothing when another sink is at it
   */
  public List<Outcome> run(Expiry expiry) throws SQLException {
    try (Handle handle = jdbi.open()) {
      if (!isLocked(handle)) {
        return List.of();
      }
      try {
        List<Outcome> outcomes = new ArrayList<>();
        for (Leaf leaf : leaves(handle)) {
          if (expiry.isOver(leaf.day(), topics(handle, leaf))
              && !new ArchiveStore(handle).isKept(leaf.day(), clock.instant())) {
            outcomes.add(archiveAndDrop(handle, leaf));
          }
        }
        return outcomes;
      } finally {
        handle.execute("SELECT pg_advisory_unlock(?)", ADVISORY_LOCK);
      }
    }
  }

  private static boolean isLocked(Handle handle) {
    return handle
        .createQuery("SELECT pg_try_advisory_lock(:lock)")
        .bind("lock", ADVISORY_LOCK)
        .mapTo(Boolean.class)
        .one();
  }

  private static List<Leaf> leaves(Handle handle) {
    return handle
        .createQuery(LEAVES)
        .map((row, context) ->
            new Leaf(row.getString(1), LocalDate.parse(row.getString(2), DAY), row.getString(3)))
        .list();
  }

  /** Steps from topic to topic along the primary key, without reading the rows between. */
  private static Set<String> topics(Handle handle, Leaf leaf) {
    String sql =
        """
        WITH RECURSIVE found AS (
          (SELECT topic FROM audit.%1$s ORDER BY topic LIMIT 1)
          UNION ALL
          SELECT (SELECT r.topic FROM audit.%1$s r WHERE r.topic > f.topic ORDER BY r.topic LIMIT 1)
          FROM found f WHERE f.topic IS NOT NULL)
        SELECT topic FROM found WHERE topic IS NOT NULL\
        """
            .formatted(leaf.table());
    return Set.copyOf(handle.createQuery(sql).mapTo(String.class).list());
  }

  private Outcome archiveAndDrop(Handle handle, Leaf leaf) throws SQLException {
    try {
      Optional<Archive> archive =
          rows(handle, leaf) == 0 ? Optional.empty() : Optional.of(archive(handle, leaf));
      drop(handle, leaf, archive);
      return new Outcome(leaf.table(), archive.map(Archive::rows).orElse(0L), null);
    } catch (ArchiveException e) {
      return new Outcome(leaf.table(), 0, e.getMessage());
    } catch (IOException e) {
      return new Outcome(
          leaf.table(), 0, "the archive cannot be written: " + FileFailures.reason(e));
    }
  }

  /**
   * The one that was made before, if a sink died or a reader was in the way then; else a new one.
   */
  private Archive archive(Handle handle, Leaf leaf)
      throws SQLException, IOException, ArchiveException {
    ArchiveStore store = new ArchiveStore(handle);
    Optional<ArchiveStore.Known> waiting = store.waitingForDrop(leaf.table());
    if (waiting.isPresent()) {
      Archive known = waiting.get().archive();
      if (known.rows() == rows(handle, leaf) && check().check(known).isEmpty()) {
        return known;
      }
      store.forget(known);
    }
    return new ArchiveWriter(handle, folder, keyFile, clock).write(leaf.table(), leaf.day());
  }

  private ArchiveCheck check() throws IOException {
    PublicKey key = SigningKey.publicKey(SigningKey.publicFile(keyFile));
    return new ArchiveCheck(
        folder, key, new CheckpointChain(List.of(), key), ChainWalk.PayloadCheck.NONE);
  }

  private static long rows(Handle handle, Leaf leaf) {
    return handle.createQuery("SELECT count(*) FROM audit." + leaf.table()).mapTo(Long.class).one();
  }

  private void drop(Handle handle, Leaf leaf, Optional<Archive> archive) throws ArchiveException {
    for (int attempt = 1; ; attempt++) {
      try {
        handle.useTransaction(transaction -> dropOnce(transaction, leaf, archive));
        return;
      } catch (JdbiException e) {
        if (!isLockTimeout(e) || attempt == DROP_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Writers of the table wait while its rows are counted; all others only while it goes. */
  private void dropOnce(Handle handle, Leaf leaf, Optional<Archive> archive)
      throws ArchiveException {
    handle.execute("SET LOCAL lock_timeout = " + LOCK_TIMEOUT_MS);
    handle.execute("LOCK TABLE audit." + leaf.table() + " IN SHARE MODE");
    long rows = rows(handle, leaf);
    long archived = archive.map(Archive::rows).orElse(0L);
    if (rows != archived) {
      throw new ArchiveException(
          "%d rows are archived and %d are there: it is archived anew".formatted(archived, rows));
    }
    handle.execute("LOCK TABLE ONLY " + leaf.parent() + " IN ACCESS EXCLUSIVE MODE");
    handle.execute("DROP TABLE audit." + leaf.table());
    if (!leaf.parent().equals("audit.records") && isChildless(handle, leaf.parent())) {
      handle.execute("DROP TABLE " + leaf.parent());
    }
    archive.ifPresent(made -> new ArchiveStore(handle).dropped(made, clock.instant()));
  }

  private static boolean isChildless(Handle handle, String parent) {
    return handle
        .createQuery(
            "SELECT NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = :parent::regclass)")
        .bind("parent", parent)
        .mapTo(Boolean.class)
        .one();
  }

  private static boolean isLockTimeout(JdbiException e) {
    return e.getCause() instanceof SQLException cause && "55P03".equals(cause.getSQLState());
  }
}
