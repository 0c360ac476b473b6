package dev.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.worker.anthropic.AnthropicConfig;
import dev.millrace.worker.openai.OpenAiConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefaultModelsTest {

  @Test
  void theDefaultModelsHaveAPrice() {
    PriceTable prices = PriceTable.from(Environment.of(Map.of()));

    assertThat(prices.of(AnthropicConfig.DEFAULT_MODEL)).isPresent();
    assertThat(prices.of(OpenAiConfig.DEFAULT_MODEL)).isPresent();
  }
}
