package dev.millrace.benchmarks.search;

import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.vector.VectorSpace;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Vectors that lie as those of texts do: around topics, in fewer directions than they have
 * dimensions, of length 1. As a model it gives the vector of the question whose number the text is.
 */
final class SyntheticVectors implements EmbeddingModel {

  private static final int DIMENSIONS = 384;
  private static final int TOPICS = 500;
  private static final int DIRECTIONS = 48;
  private static final double SPREAD = 0.9;

  /** Questions are about the same topics, and no chunk itself. */
  private static final long QUESTION_SEED = 1_000_000_007L;

  private final VectorSpace space = new VectorSpace("synthetic", DIMENSIONS);
  private final float[][] basis = new float[DIRECTIONS][];
  private final float[][] topics = new float[TOPICS][];

  /** By the number of the question: the second time it is asked, no vector is made. */
  private final Map<String, float[]> questions = new ConcurrentHashMap<>();

  SyntheticVectors() {
    Random random = new Random(42);
    for (int i = 0; i < DIRECTIONS; i++) {
      basis[i] = gaussian(random, DIMENSIONS);
    }
    for (int i = 0; i < TOPICS; i++) {
      topics[i] = gaussian(random, DIRECTIONS);
    }
  }

  private static float[] gaussian(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The vector of a chunk. */
  float[] chunk(long number) {
    return vector(number);
  }

  private float[] vector(long seed) {
    Random random = new Random(seed * 31 + 7);
    float[] topic = topics[random.nextInt(TOPICS)];
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIRECTIONS; i++) {
      double weight = topic[i] + SPREAD * random.nextGaussian();
      for (int d = 0; d < DIMENSIONS; d++) {
        vector[d] += (float) (weight * basis[i][d]);
      }
    }
    double length = 0;
    for (float value : vector) {
      length += (double) value * value;
    }
    for (int d = 0; d < DIMENSIONS; d++) {
      vector[d] /= (float) Math.sqrt(length);
    }
    return vector;
  }

  private float[] question(String number) {
    return vector(QUESTION_SEED + Long.parseLong(number));
  }

  @Override
  public VectorSpace space() {
    return space;
  }

  @Override
  public int maxTokens() {
    return DIMENSIONS;
  }

  @Override
  public int countTokens(String text) {
    return text.length();
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    return texts.stream().map(text -> questions.computeIfAbsent(text, this::question)).toList();
  }
}
