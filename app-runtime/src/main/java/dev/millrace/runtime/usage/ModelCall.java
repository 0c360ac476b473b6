package dev.millrace.runtime.usage;

/**
 * A call of a model that somebody is paid for.
 *
 * @param purpose what for
 * @param provider who answered, for example {@code openai}
 * @param model model that answered, as its provider calls it
 * @param inputTokens tokens read
 * @param outputTokens tokens written; none by embedding models
 */
public record ModelCall(
    Purpose purpose, String provider, String model, long inputTokens, long outputTokens) {

  /** What models are called for. */
  public enum Purpose {
    /** Vectors of texts: of documents in the embedding worker, of questions elsewhere. */
    EMBEDDING,
    /** An answer out of the knowledge base. */
    ANSWER,
    /** What an anomaly of a watched project means. */
    DIAGNOSIS,
    /** An image. It counts as one token written. */
    IMAGE,
    /** A clip. Its seconds count as tokens written. */
    CLIP
  }

  /** Takes notice of calls. */
  @FunctionalInterface
  public interface Listener {

    /** Hears nothing. */
    Listener NONE = call -> {};

    void called(ModelCall call);
  }
}
