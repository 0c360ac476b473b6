package dev.millrace.runtime.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueueSettingsTest {

  private static final QueueSettings SLOW =
      QueueSettings.from(Environment.of(Map.of("QUEUE_RETRY_BACKOFF", "20s")));

  @Test
  void whatWasSetUnderOtherDefaultsHoldsAsFarAsItGoes() {
    QueueSettings settings =
        SLOW.overriddenBy(Map.of("retry_max_backoff", "10s", "max_concurrent", "4"));

    assertThat(settings.maxConcurrent()).isEqualTo(4);
    assertThat(settings.retry().firstBackoff()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.retry().maxBackoff()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void whatIsSetNowMustGoWithTheRest() {
    assertThatThrownBy(() -> SLOW.with(Map.of("retry_max_backoff", "10s")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("20s");
  }
}
