package dev.millrace.gateway.http;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A request is refused; the problem says why. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /** 400: fields of the request are wrong. */
  public static ProblemException invalid(List<FieldError> errors) {
    FieldError first = errors.getFirst();
    String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
    return new ProblemException(
        new Problem(
            400,
            "invalid-request",
            "The request is not valid",
            first.field() + ": " + first.reason() + more,
            errors,
            Map.of()));
  }

  /** 400: one field of the request is wrong. */
  public static ProblemException invalid(String field, String reason) {
    return invalid(List.of(new FieldError(field, reason)));
  }

  /** 400: the body is not JSON. */
  public static ProblemException malformed(String detail) {
    return of(400, "malformed-json", "The body is not JSON", detail);
  }

  /** 401: who calls is not known. */
  public static ProblemException unauthorized(String detail) {
    return new ProblemException(
        new Problem(
            401,
            "unauthorized",
            "The caller is not known",
            detail,
            List.of(),
            Map.of("WWW-Authenticate", "Bearer realm=\"millrace\"")));
  }

  /** 403: who calls is known and may not. */
  public static ProblemException forbidden(String detail) {
    return of(403, "forbidden", "The caller may not do this", detail);
  }

  public static ProblemException notFound(String detail) {
    return of(404, "not-found", "There is no such thing", detail);
  }

  public static ProblemException conflict(String detail) {
    return of(409, "conflict", "The request does not fit the present state", detail);
  }

  /** 422: the request is well-formed and cannot be done. */
  public static ProblemException unprocessable(String detail) {
    return of(422, "unprocessable", "The request cannot be done", detail);
  }

  public static ProblemException tooLarge(String detail) {
    return of(413, "too-large", "The request is too large", detail);
  }

  public static ProblemException unsupportedMediaType(String detail) {
    return of(415, "unsupported-media-type", "The media type is not supported", detail);
  }

  /** 429: the client asks too often. */
  public static ProblemException tooManyRequests(String detail, Duration retryAfter) {
    return retry(429, "too-many-requests", "The client asks too often", detail, retryAfter);
  }

  /** 503: something that the request needs is away. */
  public static ProblemException unavailable(String detail, Duration retryAfter) {
    return retry(
        503, "unavailable", "Something that the request needs is away", detail, retryAfter);
  }

  /** 503: the gateway has as much to do as it may. */
  public static ProblemException overloaded(String detail) {
    return retry(503, "overloaded", "The gateway is busy", detail, Duration.ofSeconds(1));
  }

  /** A problem without fields or headers. */
  public static ProblemException of(int status, String slug, String title, String detail) {
    return new ProblemException(new Problem(status, slug, title, detail));
  }

  private static ProblemException retry(
      int status, String slug, String title, String detail, Duration retryAfter) {
    long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
    return new ProblemException(
        new Problem(
            status, slug, title, detail, List.of(), Map.of("Retry-After", Long.toString(seconds))));
  }
}
