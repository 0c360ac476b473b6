package dev.millrace.knowledge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.runtime.config.Environment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MiniLmEmbeddingModelTest {

  private final EmbeddingModel model = EmbeddingModels.from(Environment.of(Map.of()));

  @Test
  void textsOfOneMeaningAreNearerThanOthers() {
    List<float[]> vectors =
        model.embed(
            List.of(
                "How do I restart the water mill?",
                "Starting the mill again after it stopped",
                "A recipe for lemon cake"));

    assertThat(vectors).allSatisfy(vector -> assertThat(vector).hasSize(384));
    assertThat(cosine(vectors.get(0), vectors.get(0))).isCloseTo(1, within(1e-5));
    assertThat(cosine(vectors.get(0), vectors.get(1)))
        .isGreaterThan(cosine(vectors.get(0), vectors.get(2)) + 0.2);
  }

  @Test
  void aTextHasTheSameVectorAloneAndAmongOthers() {
    float[] alone = model.embed("water wheel");
    List<float[]> among = model.embed(List.of("flume", "water wheel", "weir"));

    assertThat(cosine(alone, among.get(1))).isCloseTo(1, within(1e-5));
  }

  @Test
  void tokensAreThoseOfTheModel() {
    assertThat(model.countTokens("")).isZero();
    assertThat(model.countTokens("hello world")).isEqualTo(2);
    assertThat(model.countTokens("word ".repeat(1_000))).isEqualTo(1_000);
  }

  @Test
  void aBlankTextHasAVectorToo() {
    assertThat(model.embed(List.of(" \n"))).singleElement().isNotNull();
    assertThat(model.embed(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "\u0001\u0002", "\uFFFD", "\u200B\u200B"})
  void aTextInWhichTheModelReadsNothingHasAVectorToo(String text) {
    assertThat(model.embed(List.of(text))).singleElement().isEqualTo(model.embed(" "));
  }

  /** The vectors have length 1. */
  private static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
