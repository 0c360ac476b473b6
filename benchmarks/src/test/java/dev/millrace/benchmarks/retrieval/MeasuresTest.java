package dev.millrace.benchmarks.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasuresTest {

  private static final Map<String, Integer> GRADES = Map.of("a", 2, "b", 1, "c", 1, "x", 0);

  @Test
  void theBestOrderHasTheFullGain() {
    assertThat(Measures.ndcg(List.of("a", "c", "b", "x"), GRADES, 10)).isEqualTo(1);
  }

  @Test
  void aRelevantDocumentCountsLessFurtherDown() {
    // b at 2 and a at 4: (1/log2(3) + 2/log2(5)) / (2 + 1/log2(3) + 1/log2(4))
    double expected = (0.6309298 + 2 * 0.4306766) / (2 + 0.6309298 + 0.5);

    assertThat(Measures.ndcg(List.of("x", "b", "y", "a"), GRADES, 10))
        .isCloseTo(expected, within(1e-6));
  }

  @Test
  void whatIsBehindTheDepthDoesNotCount() {
    assertThat(Measures.ndcg(List.of("x", "y", "a"), GRADES, 2)).isZero();
    assertThat(Measures.recall(List.of("x", "b", "a", "c"), GRADES, 3))
        .isCloseTo(2.0 / 3, within(1e-9));
  }

  @Test
  void aQueryWithoutRelevantDocumentsHasNoGain() {
    assertThat(Measures.ndcg(List.of("x"), Map.of("x", 0), 10)).isZero();
    assertThat(Measures.recall(List.of("x"), Map.of("x", 0), 10)).isZero();
  }
}
