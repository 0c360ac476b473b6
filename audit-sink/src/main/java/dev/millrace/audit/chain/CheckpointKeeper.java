package dev.millrace.audit.chain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.runtime.app.Component;
import dev.millrace.schemas.audit.AuditCheckpoint;
import dev.millrace.schemas.audit.ChainHead;
import dev.millrace.schemas.catalogue.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a checkpoint whenever chains grew, at most one in an interval, and puts it on its topic and
 * into the file. Of several sinks one at a time does so.
 */
public final class CheckpointKeeper implements Component {

  /** Name of the file in the directory of the sink. */
  public static final String FILE = "checkpoints.jsonl";

  /** Name of the private key in the directory of the sink. */
  public static final String KEY_FILE = "signing-key.pem";

  private static final Logger log = LoggerFactory.getLogger(CheckpointKeeper.class);

  /** Lock that sinks take in turn while they make checkpoints; any number of ours. */
  private static final long ADVISORY_LOCK = 0x6d696c6c63686b70L;

  private static final String GROWN =
      """
      SELECT o.topic, o.partition, o.chain_offset, encode(o.chain_hash, 'hex')
      FROM audit.offsets o
      LEFT JOIN audit.checkpoint_heads h USING (topic, partition)
      WHERE o.chain_hash IS NOT NULL AND o.chain_offset IS DISTINCT FROM h.chain_offset
      ORDER BY o.topic, o.partition\
      """;

  private static final String REMEMBER =
      """
      INSERT INTO audit.checkpoint_heads (topic, partition, chain_offset)
      SELECT h ->> 'topic', (h ->> 'partition')::int, (h ->> 'offset')::bigint
      FROM jsonb_array_elements(?::jsonb) h
      ON CONFLICT (topic, partition) DO UPDATE SET chain_offset = excluded.chain_offset\
      """;

  private static final String LAST =
      """
      SELECT sequence, created_at, heads, previous, key_id, signature FROM audit.checkpoints
      ORDER BY sequence DESC LIMIT 1\
      """;

  private static final String UNPUBLISHED =
      """
      SELECT sequence, created_at, heads, previous, key_id, signature FROM audit.checkpoints
      WHERE NOT published ORDER BY sequence\
      """;

  private static final String PUBLISHED =
      "UPDATE audit.checkpoints SET published = true WHERE sequence = :sequence";

  /** The newest stays: the next one follows it. */
  private static final String TIDY =
      """
      DELETE FROM audit.checkpoints
      WHERE published AND sequence < (SELECT max(sequence) FROM audit.checkpoints)\
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Jdbi jdbi;
  private final Topic topic;
  private final Path directory;
  private final Duration interval;
  private final ScheduledExecutorService schedule;

  /** Where checkpoints are published. */
  @FunctionalInterface
  public interface Topic {
    /** Writes one and waits until it is acknowledged. */
    void publish(AuditCheckpoint checkpoint) throws InterruptedException;
  }

  /**
   * @param app name of the app, for its thread
   * @param directory where the file and the keys are
   */
  public CheckpointKeeper(String app, Jdbi jdbi, Topic topic, Path directory, Duration interval) {
    this.jdbi = jdbi;
    this.topic = topic;
    this.directory = directory;
    this.interval = interval;
    this.schedule =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(app + "-checkpoints").factory());
  }

  @Override
  public void start() {
    long ms = interval.toMillis();
    var _ = schedule.scheduleWithFixedDelay(this::keep, ms, ms, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    schedule.shutdownNow();
  }

  /** One that fails is made, or published, the next time. */
  private void keep() {
    try {
      make();
    } catch (JdbiException | IOException | IllegalStateException e) {
      log.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("no checkpoint can be made now; the next one covers what it would have");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void make() throws IOException, InterruptedException {
    SigningKey key = SigningKey.loadOrCreate(directory.resolve(KEY_FILE));
    jdbi.useTransaction(handle -> {
      handle.execute("SELECT pg_advisory_xact_lock(?)", ADVISORY_LOCK);
      List<ChainHead> grown = grown(handle);
      boolean more =
          grown.stream().anyMatch(head -> !head.getTopic().equals(Topics.AUDIT_CHECKPOINTS.name()));
      if (more) {
        Optional<AuditCheckpoint> last = one(handle, LAST);
        insert(
            handle,
            Checkpoints.sign(
                last.map(AuditCheckpoint::getSequence).orElse(0L) + 1,
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                grown,
                last.map(Checkpoints::digest).orElse(Checkpoints.NOTHING),
                key));
      }
    });
    publish();
  }

  private void publish() throws IOException, InterruptedException {
    List<AuditCheckpoint> waiting =
        jdbi.withHandle(
            handle -> handle.createQuery(UNPUBLISHED).map((row, context) -> read(row)).list());
    for (AuditCheckpoint checkpoint : waiting) {
      topic.publish(checkpoint);
      Files.writeString(
          directory.resolve(FILE),
          Checkpoints.line(checkpoint) + '\n',
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.DSYNC);
      jdbi.useHandle(handle ->
          handle.createUpdate(PUBLISHED).bind("sequence", checkpoint.getSequence()).execute());
    }
    jdbi.useHandle(handle -> handle.execute(TIDY));
  }

  private static List<ChainHead> grown(Handle handle) {
    return handle
        .createQuery(GROWN)
        .map((row, context) ->
            ChainHead.newBuilder()
                .setTopic(row.getString(1))
                .setPartition(row.getInt(2))
                .setOffset(row.getLong(3))
                .setHash(row.getString(4))
                .build())
        .list();
  }

  private static Optional<AuditCheckpoint> one(Handle handle, String sql) {
    return handle.createQuery(sql).map((row, context) -> read(row)).findOne();
  }

  private static AuditCheckpoint read(ResultSet row) throws SQLException {
    try {
      return AuditCheckpoint.newBuilder()
          .setSequence(row.getLong("sequence"))
          .setCreatedAt(row.getTimestamp("created_at").toInstant())
          .setHeads(Checkpoints.heads(JSON.readTree(row.getString("heads"))))
          .setPrevious(row.getString("previous"))
          .setKeyId(row.getString("key_id"))
          .setSignature(row.getString("signature"))
          .build();
    } catch (JsonProcessingException e) {
      throw new SQLException("expected the heads of a checkpoint", e);
    }
  }

  private static void insert(Handle handle, AuditCheckpoint checkpoint) {
    handle.execute(
        """
        INSERT INTO audit.checkpoints (sequence, created_at, heads, previous, key_id, signature)
        VALUES (?, ?, ?::jsonb, ?, ?, ?)\
        """,
        checkpoint.getSequence(),
        Timestamp.from(checkpoint.getCreatedAt()),
        Checkpoints.heads(checkpoint.getHeads()).toString(),
        checkpoint.getPrevious(),
        checkpoint.getKeyId(),
        checkpoint.getSignature());
    handle.execute(REMEMBER, Checkpoints.heads(checkpoint.getHeads()).toString());
  }
}
