package dev.millrace.audit.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {

  private static final DailyPartition DAY = new DailyPartition(LocalDate.parse("2026-11-21"));

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "0d", "-1d", "12h", "30 d", "1000000d"})
  void whatIsNotWholeDaysIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Retention.parse(text))
        .withMessageContaining("expected days such as 30d");
  }

  @Test
  void aDayWithoutExceptionsIsOneTable() {
    Retention retention = new Retention(Optional.of(Retention.parse("400d")), Map.of());

    assertThat(DAY.createSql(retention)).hasSize(1);
  }

  @Test
  void topicsOfOneRetentionShareAPartOfTheDay() {
    Retention retention =
        new Retention(
            Optional.of(Duration.ofDays(400)),
            Map.of(
                "health.metrics", Duration.ofDays(7),
                "agent.logs", Duration.ofDays(30),
                "health.probes", Duration.ofDays(7),
                "task.events", Duration.ofDays(400)));

    List<String> statements = DAY.createSql(retention);

    assertThat(statements).hasSize(4);
    assertThat(statements.getFirst()).endsWith("PARTITION BY LIST (topic)");
    assertThat(statements.get(1))
        .isEqualTo(
            "CREATE TABLE audit.records_20261121_7d PARTITION OF audit.records_20261121"
                + " FOR VALUES IN ('health.metrics', 'health.probes')");
    assertThat(statements.get(2)).contains("_30d").contains("IN ('agent.logs')");
    assertThat(statements.getLast()).contains("records_20261121_rest").endsWith("DEFAULT");
  }
}
