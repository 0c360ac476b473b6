package dev.millrace.gateway.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests that never reach a route, because they cannot be read, with problems too.
 *
 * @param maxRequestLineBytes longest request line that is read
 */
record UnreadableRequests(int maxRequestLineBytes) {

  private static final int TOO_LARGE = 413;

  /** The same answer to all of them, in the status that Helidon has found. */
  DirectHandlers handlers() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(
          type,
          (request, _, status, headers, message) ->
              DirectHandler.TransportResponse.builder()
                  .status(status)
                  .headers(headers)
                  .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                  .entity(
                      Json.bytes(problem(status, reason(request, message)).body(request.path())))
                  .build());
    }
    return handlers.build();
  }

  private static Problem problem(Status status, String reason) {
    return new Problem(
        status.code(),
        status.code() == TOO_LARGE ? "too-large" : "bad-request",
        status.reasonPhrase(),
        "the request could not be read: " + reason);
  }

  /** Helidon leaves the reason out where the exception behind it has none. */
  private String reason(DirectHandler.TransportRequest request, @Nullable String message) {
    Headers headers = request.headers();
    if (headers.contains(HeaderNames.CONTENT_ENCODING)) {
      return "expected a body without Content-Encoding, found "
          + headers.get(HeaderNames.CONTENT_ENCODING).values();
    }
    return message == null || message.isEmpty()
        ? "not HTTP that is understood here, where a request line has at most %d bytes"
            .formatted(maxRequestLineBytes)
        : message;
  }
}
