package dev.millrace.knowledge.embedding;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An embedding model that cannot be reached now, or that limits its callers. */
public final class EmbeddingUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  public EmbeddingUnavailableException(
      String message, @Nullable Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  /** How long the model asks its callers to wait, if it says so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
