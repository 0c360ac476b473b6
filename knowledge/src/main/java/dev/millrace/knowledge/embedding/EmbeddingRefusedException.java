package dev.millrace.knowledge.embedding;

import org.jspecify.annotations.Nullable;

/**
 * An embedding model that does not take a text, or answers with something else than its vectors.
 */
public final class EmbeddingRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public EmbeddingRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
