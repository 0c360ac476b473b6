package dev.millrace.benchmarks.audit;

import dev.millrace.audit.copy.CopyBuffer;
import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.runtime.kafka.KafkaClients;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * What Postgres takes at the most: the same rows, decoded and encoded beforehand, copied into a
 * table of the same columns and indexes, a transaction for each batch. Only the copying counts.
 */
final class BareCopy {

  private static final int BATCH_ROWS = 5_000;
  private static final int BUFFER_BYTES = 32 << 20;
  private static final byte[] HASH = new byte[32];

  private static final String COPY =
      "COPY audit.bench_records (" + MirrorRow.COLUMNS + ") FROM STDIN (FORMAT binary)";

  private final KafkaClients kafka;
  private final Connection connection;

  BareCopy(KafkaClients kafka, Connection connection) {
    this.kafka = kafka;
    this.connection = connection;
  }

  /** Copies what a topic has; rows a second. */
  double rate(String topic, int records) throws SQLException {
    execute("CREATE TABLE audit.bench_records (LIKE audit.records INCLUDING ALL)");
    ValueDecoder decoder = new ValueDecoder(kafka.serdes().registry()::schema, found -> false);
    CopyBuffer buffer = new CopyBuffer(BUFFER_BYTES, BUFFER_BYTES);
    long nanos = 0;
    int copied = 0;
    try (Consumer<byte[], byte[]> consumer =
        kafka.consumer("bare", null, Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH_ROWS))) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (copied + buffer.rows() < records) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          MirrorRow.of(record, decoder.decode(topic, record.value())).encode(buffer, HASH);
        }
        if (buffer.rows() >= BATCH_ROWS || copied + buffer.rows() == records) {
          copied += buffer.rows();
          long start = System.nanoTime();
          copy(buffer);
          nanos += System.nanoTime() - start;
        }
      }
    }
    execute("DROP TABLE audit.bench_records");
    return copied * (double) TimeUnit.SECONDS.toNanos(1) / nanos;
  }

  private void copy(CopyBuffer buffer) throws SQLException {
    connection.setAutoCommit(false);
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    buffer.writeTo(copy);
    copy.endCopy();
    connection.commit();
    connection.setAutoCommit(true);
    buffer.clear();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
