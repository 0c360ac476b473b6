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
 * Decodes records and writes them. A record that Postgres refuses for what is in it is found by
 * halving the batch, and kept as bytes with the reason: it does not stop the stream.
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

  RecordWriter(Redactor redactor, ValueDecoder decoder, MirrorStore store) {
    this.redactor = redactor;
    this.decoder = decoder;
    this.store = store;
  }

  /**
   * Writes records, and moves their partitions.
   *
   * @throws TakenOverException as {@link MirrorStore#write}
   * @throws SQLException as {@link MirrorStore#write}
   * @throws dev.millrace.schemas.serde.RegistryUnavailableException if a value cannot be decoded
   *     now; nothing was written
   */
  void write(List<ConsumerRecord<byte[], byte[]>> records, Map<TopicPartition, Advance> advances)
      throws SQLException, TakenOverException {
    List<MirrorRow> rows = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Redactor.Redacted redacted = redactor.redact(record);
      ConsumerRecord<byte[], byte[]> stored = redacted.record();
      rows.add(
          MirrorRow.of(stored, decoder.decode(stored.topic(), stored.value()), redacted.note()));
    }
    write(new Batch(rows, advances));
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
