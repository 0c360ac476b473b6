package dev.millrace.embedding.index;

import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.vector.VectorSpace;
import java.util.ArrayList;
import java.util.List;

/** Counts words, and remembers what it embedded. */
final class FakeModel implements EmbeddingModel {

  /** Something that happens while a text is embedded. */
  @FunctionalInterface
  interface Meanwhile {
    void happen() throws InterruptedException;
  }

  final List<String> embedded = new ArrayList<>();
  Meanwhile meanwhile = () -> {};

  @Override
  public VectorSpace space() {
    return new VectorSpace("fake", 2);
  }

  @Override
  public int maxTokens() {
    return 256;
  }

  @Override
  public int countTokens(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+").length;
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    try {
      meanwhile.happen();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    embedded.addAll(texts);
    return texts.stream().map(text -> new float[] {text.length(), 1}).toList();
  }
}
