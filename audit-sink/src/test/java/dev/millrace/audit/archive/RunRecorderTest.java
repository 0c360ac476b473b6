package dev.millrace.audit.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.audit.Records;
import dev.millrace.audit.chain.ArchivedRun;
import dev.millrace.audit.chain.ChainDigest;
import dev.millrace.audit.chain.ChainedRow;
import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.decode.DecodedValue;
import dev.millrace.audit.stored.StoredRecord;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunRecorderTest {

  private static final String TOPIC = "orders";

  private final ChainDigest digest = new ChainDigest();
  private final List<ChainedRow> chain = chain(10);

  @Test
  void rowsThatFollowEachOtherAreOneRun() throws Exception {
    List<ArchivedRun> runs = record(List.of(0, 1, 2));

    assertThat(runs).hasSize(1);
    assertThat(runs.getFirst())
        .extracting(ArchivedRun::first, ArchivedRun::last, ArchivedRun::rows)
        .containsExactly(0L, 2L, 3L);
    assertThat(runs.getFirst().previous()).isEqualTo("0".repeat(64));
    assertThat(runs.getFirst().hash()).isEqualTo(hash(2));
  }

  @Test
  void aRowThatIsElsewhereEndsARun() throws Exception {
    List<ArchivedRun> runs = record(List.of(1, 2, 4, 5, 9));

    assertThat(runs)
        .extracting(ArchivedRun::first, ArchivedRun::last)
        .containsExactly(tuple(1L, 2L), tuple(4L, 5L), tuple(9L, 9L));
    assertThat(runs).extracting(ArchivedRun::previous).containsExactly(hash(0), hash(3), hash(8));
  }

  @Test
  void aRowWhoseHashDoesNotHoldIsRefused() {
    ChainedRow forged =
        new ChainedRow(chain.get(3).stored(), chain.get(4).link(), chain.get(3).hash());
    chain.set(3, forged);

    assertThatThrownBy(() -> record(List.of(2, 3)))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("its hash does not hold");
  }

  private List<ArchivedRun> record(List<Integer> offsets) throws Exception {
    RunRecorder recorder =
        new RunRecorder((place, offset) ->
            offset == 0 ? ChainDigest.start() : HexFormat.of().parseHex(hash((int) offset - 1)));
    for (int offset : offsets) {
      recorder.add(chain.get(offset));
    }
    assertThat(recorder.rows()).isEqualTo(offsets.size());
    return recorder.runs();
  }

  private String hash(int offset) {
    return HexFormat.of().formatHex(chain.get(offset).hash());
  }

  private List<ChainedRow> chain(int length) {
    List<ChainedRow> rows = new ArrayList<>();
    byte[] previous = ChainDigest.start();
    for (int offset = 0; offset < length; offset++) {
      byte[] value = ("value " + offset).getBytes(UTF_8);
      MirrorRow row =
          MirrorRow.of(
              Records.record(TOPIC, 0, offset, value), DecodedValue.undecodable(null, "no Avro"));
      previous = digest.next(previous, row.link());
      rows.add(new ChainedRow(new StoredRecord(row.record(), null, null), row.link(), previous));
    }
    return rows;
  }
}
