package dev.millrace.knowledge.embedding;

import dev.millrace.knowledge.vector.VectorSpace;
import java.util.List;

/** Turns texts into vectors. Instances are safe for use by many threads at once. */
public interface EmbeddingModel {

  /** The space its vectors are in: its name and their length. */
  VectorSpace space();

  /** Tokens of a text that the model reads; what is beyond is cut off or blurs the vector. */
  int maxTokens();

  /** Tokens of a text as the model counts them, or an estimate that is rather too high. */
  int countTokens(String text);

  /**
   * Vectors of these texts, in their order.
   *
   * @throws EmbeddingUnavailableException if the model cannot be reached or limits its callers:
   *     worth a retry
   * @throws EmbeddingRefusedException if the model does not take the texts or answers with
   *     something else than its vectors: no retry will help
   */
  List<float[]> embed(List<String> texts);

  /** The vector of one text. */
  default float[] embed(String text) {
    return embed(List.of(text)).getFirst();
  }
}
