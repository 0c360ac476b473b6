package dev.millrace.audit.mirror;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.audit.redact.Redactor;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes records and writes them. What decodes to much more JSON than it has bytes is written in
 * several batches: memory holds the JSON of one. A record that Postgres refuses for what is in it
 * is found by halving the batch, and kept as bytes with the reason: it does not stop the stream.
 */
final class RecordWriter {

  private static final Logger log = LoggerFactory.getLogger(RecordWriter.class);

  /**
   * Classes of errors that lie in the data: a row changed twice, data exceptions, broken
   * constraints, program limits such as too deep a nesting. Codes are those of the Postgres manual,
   * appendix A.
   */
  private static final Set<String> DATA_ERRORS = Set.of("21", "22", "23", "54");

  /** Only the mirror's primary key can be violated: the read models say what to do on conflict. */
  private static final String ALREADY_THERE = "23505";

  private final Redactor redactor;
  private final ValueDecoder decoder;
  private final MirrorStore store;
  private final long maxJsonBytes;

  /**
   * @param maxJsonBytes JSON of one batch at most; one record may be more
   */
  RecordWriter(Redactor redactor, ValueDecoder decoder, MirrorStore store, long maxJsonBytes) {
    this.redactor = redactor;
    this.decoder = decoder;
    this.store = store;
    this.maxJsonBytes = maxJsonBytes;
  }

  /**
   * Writes records, and moves their partitions. When it throws, some of them may be written, and
   * their partitions moved as far.
   *
   * @throws TakenOverException as {@link MirrorStore#write}
   * @throws SQLException as {@link MirrorStore#write}
   * @throws dev.millrace.schemas.serde.RegistryUnavailableException if a value cannot be decoded
   *     now
   */
  void write(List<ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, Advance> advances)
      throws SQLException, TakenOverException {
    List<MirrorRow> rows = new ArrayList<>();
    Map<TopicPartition, Advance> left = advances;
    long jsonBytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      MirrorRow row = decoded(record);
      int size = jsonBytes(row);
      if (!rows.isEmpty() && jsonBytes + size > maxJsonBytes) {
        BatchAdvances split = BatchAdvances.split(rows, left);
        write(new Batch(rows, split.first()));
        left = split.second();
        rows = new ArrayList<>();
        jsonBytes = 0;
      }
      rows.add(row);
      jsonBytes += size;
    }
    write(new Batch(rows, left));
  }

  private MirrorRow decoded(ConsumerRecord<byte[], byte[]> record) {
    Redactor.Redacted redacted = redactor.redact(record);
    ConsumerRecord<byte[], byte[]> stored = redacted.record();
    return MirrorRow.of(stored, decoder.decode(stored.topic(), stored.value()), redacted.note());
  }

  private static int jsonBytes(MirrorRow row) {
    byte[] json = row.value().json();
    return json == null ? 0 : json.length;
  }

  private void write(Batch batch) throws SQLException, TakenOverException {
    try {
      store.write(batch);
    } catch (SQLException e) {
      if (batch.rows().isEmpty() || !isAboutData(e)) {
        throw e;
      }
      if (batch.rows().size() == 1) {
        writeOne(batch.rows().getFirst(), batch.advances(), e);
      } else {
        writeHalves(batch);
      }
    }
  }

  /**
   * First without the read models, then without its payload: as much of it as is accepted. A record
   * that is there already, because somebody moved the stored offset back, is passed over.
   */
  private void writeOne(MirrorRow row, Map<TopicPartition, Advance> advances, SQLException refusal)
      throws SQLException, TakenOverException {
    if (ALREADY_THERE.equals(refusal.getSQLState())) {
      store.write(new Batch(List.of(), advances));
      return;
    }
    String reason = "Postgres refused it: " + refusal.getMessage();
    log.atWarn()
        .addKeyValue("topic", row.record().topic())
        .addKeyValue("partition", row.record().partition())
        .addKeyValue("offset", row.record().offset())
        .addKeyValue("reason", refusal.getMessage())
        .log("Postgres refused a record; what it accepts of it is kept, the bytes in any case");
    try {
      store.write(new Batch(List.of(row.unread(reason)), advances));
    } catch (SQLException e) {
      if (!isAboutData(e)) {
        throw e;
      }
      store.write(new Batch(List.of(row.undecoded(reason)), advances));
    }
  }

  private void writeHalves(Batch batch) throws SQLException, TakenOverException {
    List<MirrorRow> rows = batch.rows();
    List<MirrorRow> first = rows.subList(0, rows.size() / 2);
    BatchAdvances split = BatchAdvances.split(first, batch.advances());
    write(new Batch(first, split.first()));
    write(new Batch(rows.subList(first.size(), rows.size()), split.second()));
  }

  private static boolean isAboutData(SQLException e) {
    String state = e.getSQLState();
    return state != null && state.length() == 5 && DATA_ERRORS.contains(state.substring(0, 2));
  }
}
