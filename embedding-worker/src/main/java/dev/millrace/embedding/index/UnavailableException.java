package dev.millrace.embedding.index;

import dev.millrace.runtime.failure.Outage;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Something the indexing needs is away, or limits its callers: worth another try. */
public final class UnavailableException extends RuntimeException implements Outage {

  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  public UnavailableException(String message, @Nullable Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  /** How long to wait, if it was said. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
