package dev.millrace.audit.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.partition.Retention;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArchiveKeeperTest {

  private static final LocalDate DAY = LocalDate.parse("2026-11-01");
  private static final Retention RETENTION =
      new Retention(Optional.of(Duration.ofDays(30)), Map.of("agent.logs", Duration.ofDays(7)));

  @Test
  void aDayIsOverWhenItsLastMomentHasExpired() {
    assertThat(isOver(RETENTION, "2026-11-30T23:59:59Z", Set.of("task.events"))).isFalse();
    assertThat(isOver(RETENTION, "2026-12-02T00:00:00Z", Set.of("task.events"))).isTrue();
  }

  @Test
  void theTopicThatStaysLongestDecides() {
    assertThat(isOver(RETENTION, "2026-11-20T00:00:00Z", Set.of("agent.logs"))).isTrue();
    assertThat(isOver(RETENTION, "2026-11-20T00:00:00Z", Set.of("agent.logs", "task.events")))
        .isFalse();
  }

  @Test
  void withoutAGeneralRetentionOnlyWhatIsNamedGoes() {
    Retention named = new Retention(Optional.empty(), RETENTION.byTopic());

    assertThat(isOver(named, "2036-01-01T00:00:00Z", Set.of("agent.logs", "task.events")))
        .isFalse();
    assertThat(isOver(named, "2036-01-01T00:00:00Z", Set.of("agent.logs"))).isTrue();
  }

  @Test
  void anEmptyDayGoesWhenItIsPast() {
    assertThat(isOver(RETENTION, "2026-11-01T12:00:00Z", Set.of())).isFalse();
    assertThat(isOver(RETENTION, "2026-11-02T00:00:01Z", Set.of())).isTrue();
  }

  private static boolean isOver(Retention retention, String now, Set<String> topics) {
    return ArchiveKeeper.isOver(retention, DAY, topics, Instant.parse(now));
  }
}
