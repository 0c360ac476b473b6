package dev.millrace.health.analyst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnalystConfigTest {

  @Test
  void withoutAKeyTheRulesDecide() {
    assertThat(AnalystConfig.from(Environment.of(Map.of()))).isEmpty();
  }

  @Test
  void aKeyOfAnthropicIsEnough() {
    assertThat(AnalystConfig.from(Environment.of(Map.of("ANTHROPIC_API_KEY", "not-a-real-key"))))
        .hasValueSatisfying(
            config -> assertThat(config.provider()).isEqualTo(AnalystConfig.Provider.ANTHROPIC));
  }

  @Test
  void openAiIsChosenByName() {
    assertThat(AnalystConfig.from(Environment.of(Map.of("HEALTH_ANALYZER", "openai"))))
        .hasValueSatisfying(
            config -> assertThat(config.provider()).isEqualTo(AnalystConfig.Provider.OPENAI));
  }

  @Test
  void theRulesCanBeChosenInSpiteOfAKey() {
    assertThat(
            AnalystConfig.from(
                Environment.of(
                    Map.of("HEALTH_ANALYZER", "rules", "ANTHROPIC_API_KEY", "not-a-real-key"))))
        .isEmpty();
  }

  @Test
  void anythingElseIsRefused() {
    assertThatThrownBy(
            () -> AnalystConfig.from(Environment.of(Map.of("HEALTH_ANALYZER", "oracle"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("HEALTH_ANALYZER");
  }
}
