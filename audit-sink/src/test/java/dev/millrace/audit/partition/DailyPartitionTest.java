package dev.millrace.audit.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class DailyPartitionTest {

  @Test
  void aPartitionHoldsOneDayOfUtc() {
    DailyPartition partition = new DailyPartition(LocalDate.of(2026, 12, 31));

    assertThat(partition.table()).isEqualTo("records_20261231");
    assertThat(partition.attachSql())
        .contains("FROM ('2026-12-31 00:00:00+00') TO ('2027-01-01 00:00:00+00')");
  }

  @Test
  void aTimestampBelongsToItsDayOfUtc() {
    assertThat(DailyPartition.dayOf(Instant.parse("2026-11-21T23:59:59.999Z")))
        .isEqualTo(LocalDate.of(2026, 11, 21));
  }
}
