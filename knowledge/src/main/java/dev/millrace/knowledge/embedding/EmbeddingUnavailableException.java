package dev.millrace.knowledge.embedding;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An embedding model that cannot be reached now, or that limits its callers. */
public final class EmbeddingUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean limit;
  private final @Nullable Duration retryAfter;

  private EmbeddingUnavailableException(
      String message, boolean limit, @Nullable Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.limit = limit;
    this.retryAfter = retryAfter;
  }

  /** The model cannot be reached, or fails. */
  public static EmbeddingUnavailableException away(
      String message, @Nullable Duration retryAfter, Throwable cause) {
    return new EmbeddingUnavailableException(message, false, retryAfter, cause);
  }

  /** The model gets more than it takes from this caller. */
  public static EmbeddingUnavailableException limited(
      String message, @Nullable Duration retryAfter, Throwable cause) {
    return new EmbeddingUnavailableException(message, true, retryAfter, cause);
  }

  /** Whether it would take less. */
  public boolean isLimit() {
    return limit;
  }

  /** How long the model asks its callers to wait, if it says so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
