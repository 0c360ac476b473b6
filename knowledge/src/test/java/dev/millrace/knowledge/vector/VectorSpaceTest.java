package dev.millrace.knowledge.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class VectorSpaceTest {

  @Test
  void aNameCannotLeaveItsPlaceInSql() {
    assertThatIllegalArgumentException().isThrownBy(() -> new VectorSpace("a' OR '1'='1", 3));
    assertThat(new VectorSpace("openai:text-embedding-3-small@512", 512).condition())
        .isEqualTo("model = 'openai:text-embedding-3-small@512'");
  }

  @Test
  void indexesOfSimilarNamesDifferAndFitPostgres() {
    VectorSpace one = new VectorSpace("m:" + "x".repeat(80) + "a", 3);
    VectorSpace two = new VectorSpace("m:" + "x".repeat(80) + "b", 3);

    assertThat(one.indexName()).isNotEqualTo(two.indexName()).hasSizeLessThan(64);
    assertThat(one.indexName()).matches("[a-z0-9_]+");
  }

  @Test
  void aVectorIsWrittenAsPgvectorReadsIt() {
    VectorSpace space = new VectorSpace("m", 3);

    assertThat(space.text(new float[] {1, -0.5f, 1e-7f})).isEqualTo("[1.0,-0.5,1.0E-7]");
  }

  @Test
  void aVectorOfAnotherSpaceIsRefused() {
    VectorSpace space = new VectorSpace("m", 2);

    assertThatIllegalArgumentException().isThrownBy(() -> space.text(new float[3]));
    assertThatIllegalArgumentException().isThrownBy(() -> space.text(new float[] {1, Float.NaN}));
    assertThatIllegalArgumentException().isThrownBy(() -> space.argument(new float[3]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> space.argument(new float[] {1, Float.NaN}));
    assertThatIllegalArgumentException().isThrownBy(() -> new VectorSpace("m", 3_072));
  }
}
