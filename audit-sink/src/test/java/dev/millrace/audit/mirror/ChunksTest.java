package dev.millrace.audit.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ChunksTest {

  @Test
  void piecesKeepTheOrderAndTheLimits() {
    List<ConsumerRecord<byte[], byte[]>> records =
        List.of(record(0, 10), record(1, 10), record(2, 500), record(3, 1), record(4, 1));

    assertThat(Chunks.of(records, 2, 100))
        .extracting(chunk -> chunk.stream().map(ConsumerRecord::offset).toList())
        .containsExactly(List.of(0L, 1L), List.of(2L), List.of(3L, 4L));
  }

  @Test
  void nothingIsOneEmptyPiece() {
    assertThat(Chunks.of(List.of(), 10, 10)).containsExactly(List.of());
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, int bytes) {
    return Records.record("a.b", 0, offset, new byte[bytes]);
  }
}
