package dev.millrace.runtime.writer;

import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.failure.Outage;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model that cannot be reached, that refuses, or that does not come to an end. */
public final class WriterUnavailableException extends RuntimeException implements Outage {

  private static final int OK = 200;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final int OVERLOADED = 529;

  private static final long serialVersionUID = 1L;

  private final int status;
  private final @Nullable Duration retryAfter;

  private WriterUnavailableException(
      String message, int status, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** It gave no answer, or one that is not understood. */
  public static WriterUnavailableException silent(String model, Throwable cause) {
    return new WriterUnavailableException(
        "%s did not answer: %s".formatted(model, Causes.rootMessage(cause)), 0, null, cause);
  }

  /**
   * It answered with a failure.
   *
   * @param status the status of the answer
   * @param retryAfter how long it asks its callers to wait, if it says so
   */
  public static WriterUnavailableException failed(
      String model, int status, @Nullable Duration retryAfter, Throwable cause) {
    return new WriterUnavailableException(
        "%s answered %d".formatted(model, status), status, retryAfter, cause);
  }

  /** It stopped at its limit of tokens: half an answer is none. */
  static WriterUnavailableException cutOff(String model, WriterConfig config) {
    return new WriterUnavailableException(
        "%s reached its limit of %d tokens before the end of its answer; raise %s"
            .formatted(model, config.maxTokens(), config.maxTokensVariable()),
        OK,
        null,
        null);
  }

  /** It does not want to answer. */
  static WriterUnavailableException declined(String model) {
    return new WriterUnavailableException(model + " declined to answer", OK, null, null);
  }

  /** Whether it would answer fewer questions. */
  public boolean isLimit() {
    return status == TOO_MANY_REQUESTS || status == OVERLOADED;
  }

  /** Whether the same question may be answered when it is asked again at once. */
  public boolean mayPass() {
    return !isLimit() && retryAfter == null && (status == 0 || status >= SERVER_ERROR);
  }

  /** How long it asks its callers to wait, if it says so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
