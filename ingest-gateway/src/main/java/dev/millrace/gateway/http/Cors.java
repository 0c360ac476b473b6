package dev.millrace.gateway.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lets pages of other origins call, if they are in the list. */
final class Cors {

  private static final String MAX_AGE_SECONDS = "600";

  private final Set<String> origins;

  Cors(List<String> origins) {
    this.origins = Set.copyOf(origins);
  }

  /** Headers for the answer to a call of this origin. */
  Map<String, String> headers(Optional<String> origin) {
    if (origins.isEmpty() || origin.isEmpty() || !origins.contains(origin.get())) {
      return Map.of();
    }
    return Map.of(
        "Access-Control-Allow-Origin",
        origin.get(),
        "Access-Control-Expose-Headers",
        "traceparent, Retry-After",
        "Vary",
        "Origin");
  }

  /** The answer to the question whether a call would be let through. */
  Answer preflight() {
    return new Answer(
        204,
        "text/plain",
        new byte[0],
        Map.of(
            "Access-Control-Allow-Methods",
            "GET, POST, PUT, DELETE",
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, Idempotency-Key, X-API-Key, X-User-ID, X-Tenant-ID, traceparent, Last-Event-ID",
            "Access-Control-Max-Age",
            MAX_AGE_SECONDS));
  }
}
