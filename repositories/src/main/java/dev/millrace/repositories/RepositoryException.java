package dev.millrace.repositories;

import dev.millrace.runtime.failure.Outage;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A repository could not do what it was asked; the message says what to check. */
public final class RepositoryException extends RuntimeException implements Outage {

  private static final long serialVersionUID = 1L;

  /** What kept it from it. */
  public enum Reason {
    /** The repository, the branch or the commit is missing, or hidden from this token. */
    NOT_FOUND,
    /** The token is missing, wrong or expired. */
    UNAUTHORIZED,
    /** The token may not do this. */
    FORBIDDEN,
    /**
     * It was understood and refused, for what it is: a rule of the branch, a line that is not
     * there.
     */
    REFUSED,
    /** Others changed the same thing. */
    CONFLICT,
    /** Too many requests; {@link #retryAfter} says how long to wait. */
    RATE_LIMITED,
    /** It did not answer, or answered with a failure of its own. */
    UNAVAILABLE,
    /** A path leaves the repository or is protected. */
    INVALID_PATH,
    /** A file or a commit is larger than what is handled. */
    TOO_LARGE;

    /** Stable code, for events and answers: {@code not_found}. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Reason reason;
  private final @Nullable Duration retryAfter;

  public RepositoryException(Reason reason, String message) {
    this(reason, message, null, null);
  }

  public RepositoryException(Reason reason, String message, @Nullable Throwable cause) {
    this(reason, message, null, cause);
  }

  private RepositoryException(
      Reason reason, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }

  static RepositoryException rateLimited(String message, Duration retryAfter) {
    return new RepositoryException(Reason.RATE_LIMITED, message, retryAfter, null);
  }

  public Reason reason() {
    return reason;
  }

  /** Stable code of the reason: {@code not_found}. */
  public String code() {
    return reason.code();
  }

  /** How long to wait before asking again, when the answer said so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  public boolean isRetriable() {
    return switch (reason) {
      case CONFLICT, RATE_LIMITED, UNAVAILABLE -> true;
      case NOT_FOUND, UNAUTHORIZED, FORBIDDEN, REFUSED, INVALID_PATH, TOO_LARGE -> false;
    };
  }
}
