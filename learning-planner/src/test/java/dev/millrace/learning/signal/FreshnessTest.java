package dev.millrace.learning.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FreshnessTest {

  @Test
  void namedWindowsReplaceTheDefaults() {
    Freshness freshness =
        Freshness.from(Environment.of(Map.of("LEARNING_FRESHNESS", "clo=30m,ta=2h")));

    assertThat(freshness.windows())
        .containsEntry(SignalAgent.CLO, Duration.ofMinutes(30))
        .containsEntry(SignalAgent.TA, Duration.ofHours(2))
        .containsEntry(SignalAgent.ALEX, Duration.ofHours(24));
  }

  @Test
  void anUnknownAgentIsRefused() {
    Environment environment = Environment.of(Map.of("LEARNING_FRESHNESS", "bob=1h"));

    assertThatThrownBy(() -> Freshness.from(environment))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("LEARNING_FRESHNESS");
  }

  @Test
  void aSignalIsFreshUntilItsWindowEnds() {
    Instant observedAt = Instant.parse("2026-01-01T00:00:00Z");
    CachedSignal signal = CachedSignal.NONE.answered(SignalContent.EMPTY, "v1", observedAt);

    assertThat(
            signal.freshAt(
                observedAt.plus(Duration.ofHours(12)).minusMillis(1),
                SignalAgent.TA,
                Freshness.DEFAULT))
        .isTrue();
    assertThat(
            signal.freshAt(
                observedAt.plus(Duration.ofHours(12)), SignalAgent.TA, Freshness.DEFAULT))
        .isFalse();
  }
}
