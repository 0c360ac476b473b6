package dev.millrace.runtime.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PriceTableTest {

  private static final PriceTable DEFAULTS = PriceTable.from(Environment.of(Map.of()));

  @Test
  void theKnownEmbeddingModelsHaveAPrice() {
    assertThat(DEFAULTS.of("text-embedding-3-small")).isPresent();
    assertThat(DEFAULTS.of("text-embedding-3-large")).isPresent();
    assertThat(DEFAULTS.of("text-embedding-ada-002")).isPresent();
  }

  @Test
  void aCostIsTheSumOfItsTokensInMicrodollars() {
    PriceTable prices = PriceTable.from(Environment.of(Map.of("MODEL_PRICES", "m=2/10/0.1/2.5")));

    long cost = prices.of("m").orElseThrow().microdollars(100, 20, 1_005, 4);

    assertThat(cost).isEqualTo(200 + 200 + 101 + 10);
  }

  @Test
  void aSnapshotIsPricedLikeItsModel() {
    assertThat(DEFAULTS.of("claude-haiku-4-5-20251001")).isEqualTo(DEFAULTS.of("claude-haiku-4-5"));
    assertThat(DEFAULTS.of("gpt-6-sol-2026-09-22")).isEqualTo(DEFAULTS.of("gpt-6-sol"));
    assertThat(DEFAULTS.of("some-other-model")).isEmpty();
  }

  @Test
  void aWrongPriceNamesTheVariable() {
    for (String wrong : new String[] {"m=1/2", "m=a/b/c/d", "m=1/2/3/-4"}) {
      assertThatExceptionOfType(ConfigurationException.class)
          .isThrownBy(() -> PriceTable.from(Environment.of(Map.of("MODEL_PRICES", wrong))))
          .withMessageContaining("MODEL_PRICES");
    }
  }
}
