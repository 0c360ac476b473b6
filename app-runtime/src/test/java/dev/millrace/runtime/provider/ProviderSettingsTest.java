package dev.millrace.runtime.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.pricing.PriceTable;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProviderSettingsTest {

  private static final Environment NOTHING = Environment.of(Map.of());

  @Test
  void theDefaultModelsHaveAPrice() {
    PriceTable prices = PriceTable.from(NOTHING);

    assertThat(prices.of(AnthropicSettings.DEFAULT_MODEL)).isPresent();
    assertThat(prices.of(OpenAiSettings.DEFAULT_MODEL)).isPresent();
  }

  @Test
  void aServerOfASitesOwnNeedsNoKeyAndIsNotAskedUnlessItIsNamed() {
    Environment own = Environment.of(Map.of("OPENAI_BASE_URL", "http://localhost:11434/v1"));

    OpenAiSettings settings = OpenAiSettings.from(own);

    assertThat(settings.baseUrl()).isEqualTo(URI.create("http://localhost:11434/v1"));
    assertThat(OpenAiSettings.hasKey(own)).isFalse();
  }

  @Test
  void theApisOfTheProvidersNeedAKey() {
    Environment usual = Environment.of(Map.of("OPENAI_BASE_URL", "https://api.openai.com/v1"));

    assertThatThrownBy(() -> OpenAiSettings.from(usual))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("OPENAI_API_KEY");
    assertThatThrownBy(() -> AnthropicSettings.from(NOTHING))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("ANTHROPIC_API_KEY");
  }
}
