package dev.millrace.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.25S, 250ms",
    "PT10.783399605S, 10783ms",
    "PT90S, 90s",
    "PT5M, 5m",
    "PT90M, 90m",
    "PT48H, 48h"
  })
  void aDurationIsToldInTheLargestUnitThatFits(Duration duration, String text) {
    assertThat(Durations.text(duration)).isEqualTo(text);
    assertThat(Environment.of(Map.of("WAIT", text)).duration("WAIT", Duration.ZERO))
        .isEqualTo(Duration.ofMillis(duration.toMillis()));
  }
}
