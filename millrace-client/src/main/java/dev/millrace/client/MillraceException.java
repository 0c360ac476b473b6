package dev.millrace.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call that did not succeed: what the gateway said about it, as of RFC 9457, or why it was not
 * reached.
 */
public final class MillraceException extends RuntimeException {

  /** The status of a call that had no answer. */
  public static final int NO_ANSWER = 0;

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final String title;
  private final transient List<Field> errors;
  private final @Nullable Duration retryAfter;

  /** What is wrong with one field of a request. */
  public record Field(String field, String reason) {}

  MillraceException(
      int status,
      String type,
      String title,
      String detail,
      List<Field> errors,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(detail, cause);
    this.status = status;
    this.type = type;
    this.title = title;
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
  }

  static MillraceException noAnswer(String detail, @Nullable Throwable cause) {
    return new MillraceException(
        NO_ANSWER, "about:blank", "No answer", detail, List.of(), null, cause);
  }

  /** The HTTP status; {@value #NO_ANSWER} if there was no answer. */
  public int status() {
    return status;
  }

  /** The kind of problem, for programs: {@code urn:millrace:problem:not-found}. */
  public String type() {
    return type;
  }

  /** The kind of problem, for people. */
  public String title() {
    return title;
  }

  /** What is wrong with single fields, if the gateway says. */
  public List<Field> errors() {
    return errors == null ? List.of() : errors;
  }

  /** How long the gateway asks to wait. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
