package dev.millrace.runtime.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShareWorkerConfigTest {

  @Test
  void millraceGivesUpBeforeTheBrokerDoes() {
    assertThat(ShareWorkerConfig.DEFAULT_MAX_DELIVERIES)
        .isLessThan(ShareWorkerConfig.BROKER_DELIVERY_LIMIT);
    assertThatThrownBy(() -> config(1, ShareWorkerConfig.BROKER_DELIVERY_LIMIT))
        .hasMessage("maxDeliveries: expected 1 to 9, found 10");
    assertThatThrownBy(() -> config(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void slotsHaveALimit() {
    assertThatThrownBy(() -> config(0, 5)).hasMessage("slots: expected 1 to 1024, found 0");
    assertThatThrownBy(() -> config(1_025, 5)).isInstanceOf(IllegalArgumentException.class);
  }

  private static ShareWorkerConfig config(int slots, int maxDeliveries) {
    return new ShareWorkerConfig(
        "group", List.of("topic"), slots, maxDeliveries, Duration.ofSeconds(1));
  }
}
