package dev.millrace.knowledge.vector;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jdbi.v3.core.argument.Argument;

/**
 * The vectors of one embedding model: only they can be compared with each other. The table holds
 * vectors of all models in one column without a length; each model has an index of its own over its
 * rows, on the column cast to the model's length. The planner takes that index for a query that has
 * the very same cast and condition, with the model written out: a bound parameter does not do.
 *
 * @param model name of the model, part of SQL texts and therefore limited to harmless characters
 * @param dimensions length of its vectors
 */
public record VectorSpace(String model, int dimensions) {

  /** The longest vectors that pgvector indexes. */
  public static final int MAX_DIMENSIONS = 2_000;

  /** Longest name: with it, the name of the index is within Postgres' 63 characters. */
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:._@/-]{0,99}");

  private static final int MAX_INDEX_SUFFIX = 40;

  public VectorSpace {
    if (!MODEL.matcher(model).matches()) {
      throw new IllegalArgumentException(
          "the name of an embedding model is up to 100 letters, digits or :._@/-, not '"
              + model
              + "'");
    }
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "expected 1 to %d dimensions of %s, found %d"
              .formatted(MAX_DIMENSIONS, model, dimensions));
    }
  }

  /** SQL condition that keeps its rows. */
  public String condition() {
    return "model = '" + model + "'";
  }

  /** SQL expression of the column as its vectors. */
  public String column() {
    return "embedding::vector(" + dimensions + ")";
  }

  /** SQL expression of a bound {@link #argument} as one of its vectors. */
  public String parameter(String name) {
    return "CAST(CAST(:" + name + " AS real[]) AS vector(" + dimensions + "))";
  }

  /**
   * SQL expression of the column as the index has it: with numbers of half the size. The index is
   * about half as large for that, and finds the same rows but for rare near ties.
   */
  public String indexColumn() {
    return "embedding::halfvec(" + dimensions + ")";
  }

  /** SQL expression of a bound {@link #argument} to compare the indexed column with. */
  public String indexParameter(String name) {
    return "CAST(CAST(:" + name + " AS real[]) AS halfvec(" + dimensions + "))";
  }

  /** Name of its index. */
  public String indexName() {
    String safe = model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    String start = safe.substring(0, Math.min(safe.length(), MAX_INDEX_SUFFIX));
    return "halfvec_%s_%08x".formatted(start, model.hashCode());
  }

  /**
   * A vector to bind. The driver sends its numbers as they are: reading hundreds of them from text
   * took Postgres a fifth of a search.
   *
   * @throws IllegalArgumentException if it is not one of this space
   */
  public Argument argument(float[] vector) {
    check(vector);
    return (position, statement, context) -> statement.setObject(position, vector);
  }

  /**
   * A vector as pgvector reads it from text.
   *
   * @throws IllegalArgumentException if it is not one of this space
   */
  public String text(float[] vector) {
    check(vector);
    StringBuilder text = new StringBuilder(dimensions * 12).append('[');
    for (int i = 0; i < vector.length; i++) {
      text.append(i == 0 ? "" : ",").append(vector[i]);
    }
    return text.append(']').toString();
  }

  private void check(float[] vector) {
    if (vector.length != dimensions) {
      throw new IllegalArgumentException(
          "expected a vector of %d dimensions of %s, found %d"
              .formatted(dimensions, model, vector.length));
    }
    for (float number : vector) {
      if (!Float.isFinite(number)) {
        throw new IllegalArgumentException(
            "expected finite numbers in a vector of %s, found %s".formatted(model, number));
      }
    }
  }
}
