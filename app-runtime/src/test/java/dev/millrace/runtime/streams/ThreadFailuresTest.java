package dev.millrace.runtime.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ThreadFailuresTest {

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final ThreadFailures failures = new ThreadFailures(() -> now);

  @Test
  void oneFailureIsMendedByAnotherThread() {
    fail();

    assertThat(failures.standstill()).isEmpty();
  }

  @Test
  void aRowOfFailuresIsAStandstillWithTheReason() {
    fail();
    now = now.plusSeconds(10);
    fail();
    now = now.plusSeconds(10);
    fail();

    assertThat(failures.standstill())
        .contains("a stream thread failed 3 times in a row: IllegalStateException: no way");
  }

  @Test
  void whoeverHasWorkedForAMinuteSinceIsWell() {
    fail();
    fail();
    fail();

    now = now.plusSeconds(61);

    assertThat(failures.standstill()).isEmpty();
    fail();
    assertThat(failures.standstill()).isEmpty();
  }

  private void fail() {
    failures.add(new IllegalStateException("no way"));
  }
}
