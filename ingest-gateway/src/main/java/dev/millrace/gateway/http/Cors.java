package dev.millrace.gateway.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets pages of other origins call, if they are in the list or the list has {@code *}. Callers show
 * who they are in headers, never in cookies: a page gets no further than what its user gave it.
 */
final class Cors {

  private static final String ANY = "*";
  private static final String MAX_AGE_SECONDS = "600";

  /** For caches between here and the caller: the next origin may get another answer. */
  private static final Map<String, String> VARY = Map.of("Vary", "Origin");

  private final Set<String> origins;

  Cors(List<String> origins) {
    this.origins = Set.copyOf(origins);
  }

  /** Headers for the answer to a call of this origin. */
  Map<String, String> headers(Optional<String> origin) {
    boolean any = origins.contains(ANY);
    if (origin.isEmpty() || !(any || origins.contains(origin.get()))) {
      return origins.isEmpty() || any ? Map.of() : VARY;
    }
    return Map.of(
        "Access-Control-Allow-Origin",
        any ? ANY : origin.get(),
        "Access-Control-Expose-Headers",
        "traceparent, Retry-After",
        "Vary",
        "Origin");
  }

  /**
   * The answer to the question whether a call would be let through.
   *
   * @param allowed the methods of the path, as {@code Allow} names them
   */
  Answer preflight(String allowed) {
    return new Answer(
        204,
        "text/plain",
        new byte[0],
        Map.of(
            "Allow",
            allowed,
            "Access-Control-Allow-Methods",
            "GET, POST, PUT, DELETE",
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, Idempotency-Key, X-API-Key, X-User-ID, X-Tenant-ID, traceparent, Last-Event-ID, apikey, X-Client-Info",
            "Access-Control-Max-Age",
            MAX_AGE_SECONDS));
  }
}
