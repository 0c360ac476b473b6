package dev.millrace.runtime.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private final RetryPolicy policy =
      new RetryPolicy(40, Duration.ofSeconds(1), Duration.ofMinutes(5));

  @Property
  void theBackoffDoublesUpToItsLimitAndHalfOfItIsJitter(
      @ForAll @IntRange(min = 1, max = 39) int failures, @ForAll String run) {
    long ceilingMs = Math.min(300_000, 1_000L << Math.min(failures - 1, 20));

    Duration delay = policy.delayAfter(failures, run, null).orElseThrow();

    assertThat(delay.toMillis()).isBetween(ceilingMs / 2, ceilingMs);
  }

  @Test
  void theSameFailureLeadsToTheSameTime() {
    assertThat(policy.delayAfter(3, "run", null)).isEqualTo(policy.delayAfter(3, "run", null));
    assertThat(policy.delayAfter(3, "run", null)).isNotEqualTo(policy.delayAfter(3, "other", null));
  }

  @Test
  void nothingIsTriedMoreOftenThanAllowed() {
    assertThat(policy.delayAfter(40, "run", Duration.ofSeconds(1))).isEmpty();
  }

  @Test
  void aProviderIsNotAskedBeforeItWantsToBe() {
    Duration delay = policy.delayAfter(1, "run", Duration.ofMinutes(10)).orElseThrow();

    assertThat(delay).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
  }

  @Test
  void aProviderCannotParkATaskForever() {
    Duration delay = policy.delayAfter(1, "run", Duration.ofDays(4_000)).orElseThrow();

    assertThat(delay).isLessThan(Duration.ofHours(27));
  }

  @Test
  void theLongestBackoffIsNotShorterThanTheFirst() {
    assertThatThrownBy(() -> new RetryPolicy(3, Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
