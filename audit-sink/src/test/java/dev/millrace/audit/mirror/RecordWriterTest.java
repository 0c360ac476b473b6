package dev.millrace.audit.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.audit.Records;
import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.audit.redact.Redactor;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RecordWriterTest {

  private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

  /** The number 1, in the wire format. */
  private static final byte[] VALUE = {0, 0, 0, 0, 1, 2};

  private final FakeStore store = new FakeStore();
  private final RecordWriter writer = writer(1 << 20);

  private RecordWriter writer(long maxJsonBytes) {
    return new RecordWriter(
        new Redactor(id -> Schema.create(Schema.Type.INT), Map.of()),
        new ValueDecoder(id -> Schema.create(Schema.Type.INT), topic -> false),
        store,
        maxJsonBytes);
  }

  @Test
  void aRecordThatPostgresRefusesIsKeptAsBytesAndTheOthersAreWhole() throws Exception {
    store.offsets.put(PARTITION, 0L);
    store.refuses = row -> row.record().offset() == 77 && row.value().json() != null;

    writer.write(records(100), Map.of(PARTITION, new Advance(0, 102)));

    assertThat(store.places())
        .containsExactlyElementsOf(
            LongStream.range(0, 100).mapToObj(offset -> "orders/0/" + offset).toList());
    assertThat(store.offsets).containsEntry(PARTITION, 102L);
    assertThat(store.rows.get(77).value().json()).isNull();
    assertThat(store.rows.get(77).value().error()).contains("refused");
    assertThat(store.rows.stream().filter(row -> row.value().json() == null)).hasSize(1);
  }

  @Test
  void aRecordThatOnlyAReadModelRefusesKeepsItsPayload() throws Exception {
    store.offsets.put(PARTITION, 0L);
    store.refuses = row -> row.record().offset() == 1 && row.value().error() == null;

    writer.write(records(3), Map.of(PARTITION, new Advance(0, 3)));

    assertThat(store.rows.get(1).value().json()).isNotNull();
    assertThat(store.rows.get(1).value().error()).contains("refused");
  }

  @Test
  void recordsThatAreThereAlreadyArePassedOver() throws Exception {
    store.offsets.put(PARTITION, 0L);
    writer.write(records(4), Map.of(PARTITION, new Advance(0, 4)));
    store.offsets.put(PARTITION, 0L);

    writer.write(records(10), Map.of(PARTITION, new Advance(0, 10)));

    assertThat(store.places()).hasSize(10).doesNotHaveDuplicates();
    assertThat(store.offsets).containsEntry(PARTITION, 10L);
  }

  @Test
  void recordsWithMuchJsonAreWrittenInSeveralBatchesWithoutAGap() throws Exception {
    // given: records of one byte of JSON each, of two partitions in turns
    TopicPartition other = new TopicPartition("orders", 1);
    store.offsets.putAll(Map.of(PARTITION, 0L, other, 0L));
    List<ConsumerRecord<byte[], byte[]>> records =
        LongStream.range(0, 20)
            .mapToObj(i -> Records.record("orders", (int) (i % 2), i / 2, VALUE))
            .toList();

    // when
    writer(6).write(records, Map.of(PARTITION, new Advance(0, 12), other, new Advance(0, 10)));

    // then
    assertThat(store.writes).isEqualTo(4);
    assertThat(store.places()).hasSize(20).doesNotHaveDuplicates();
    assertThat(store.offsets).containsEntry(PARTITION, 12L).containsEntry(other, 10L);
  }

  @Test
  void aRecordWithMoreJsonThanABatchIsABatchOfItsOwn() throws Exception {
    store.offsets.put(PARTITION, 0L);

    writer(0).write(records(3), Map.of(PARTITION, new Advance(0, 3)));

    assertThat(store.writes).isEqualTo(3);
    assertThat(store.offsets).containsEntry(PARTITION, 3L);
  }

  @Test
  void aLostConnectionIsNotTheRecordsFault() {
    store.offsets.put(PARTITION, 0L);
    store.failure = FakeStore.CONNECTION_LOST;

    assertThatThrownBy(() -> writer.write(records(10), Map.of(PARTITION, new Advance(0, 10))))
        .isInstanceOf(SQLException.class);
    assertThat(store.writes).isEqualTo(1);
    assertThat(store.rows).isEmpty();
  }

  @Test
  void aPartitionThatAnotherSinkMovedIsNotWritten() {
    store.offsets.put(PARTITION, 5L);

    assertThatThrownBy(() -> writer.write(records(10), Map.of(PARTITION, new Advance(0, 10))))
        .isInstanceOf(TakenOverException.class);
    assertThat(store.rows).isEmpty();
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(int count) {
    return LongStream.range(0, count)
        .mapToObj(offset -> Records.record("orders", 0, offset, VALUE))
        .toList();
  }
}
