package dev.millrace.worker.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApiFailuresTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @Test
  void retryAfterIsReadAsSecondsOrAsADate() {
    assertThat(retryAfter("30")).contains(Duration.ofSeconds(30));
    assertThat(retryAfter("0.5")).contains(Duration.ofMillis(500));
    assertThat(retryAfter("Sat, 21 Nov 2026 10:02:00 GMT")).contains(Duration.ofMinutes(2));
    assertThat(retryAfter("Sat, 21 Nov 2026 09:00:00 GMT")).contains(Duration.ZERO);
  }

  @Test
  void aRetryAfterThatMakesNoSenseIsLeftAside() {
    assertThat(retryAfter("soon")).isEmpty();
    assertThat(retryAfter("-5")).isEmpty();
    assertThat(ApiFailures.retryAfter(Optional.empty(), NOW)).isEmpty();
    assertThat(retryAfter("999999999")).contains(Duration.ofHours(24));
  }

  private static Optional<Duration> retryAfter(String header) {
    return ApiFailures.retryAfter(Optional.of(header), NOW);
  }
}
