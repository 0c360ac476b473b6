package dev.millrace.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearningConfigTest {

  private static final Map<String, String> AGENTS =
      Map.of("EDGE_BASE_URL", "http://localhost:9", "EDGE_SERVICE_JWT", "not-a-real-token");

  @Test
  void aPlanWaitsForAgentsThatAreCalledNearlyAsLongAsItMayTake() {
    LearningConfig config = LearningConfig.from(Environment.of(AGENTS));

    assertThat(config.rules().signalWait()).isEqualTo(Duration.ofSeconds(11));
    assertThat(config.rules().agentsAreCalled()).isTrue();
  }

  @Test
  void aPlanWaitsShortlyWhereSignalsComeFromElsewhere() {
    LearningConfig config = LearningConfig.from(Environment.of(Map.of()));

    assertThat(config.rules().signalWait()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.rules().agentsAreCalled()).isFalse();
  }

  @Test
  void aWaitThatIsLongerThanAnybodyWouldIsRefused() {
    assertRefused(Map.of("LEARNING_SIGNAL_WAIT", "31s"), "LEARNING_SIGNAL_WAIT");
  }

  @Test
  void aTokenThatNoHeaderMayHaveIsRefused() {
    assertRefused(
        Map.of("EDGE_BASE_URL", "http://localhost:9", "EDGE_SERVICE_JWT", "not a\nreal token"),
        "EDGE_SERVICE_JWT");
  }

  private static void assertRefused(Map<String, String> environment, String variable) {
    assertThatThrownBy(() -> LearningConfig.from(Environment.of(environment)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(variable);
  }
}
