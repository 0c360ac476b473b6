package dev.millrace.gateway.openapi;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.FieldError;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses calls with query parameters that the OpenAPI document does not know: a filter that is
 * misspelt would filter nothing, a queue named there would not be the one that is cleared, and
 * either answer would look right.
 */
public final class KnownParameters {

  /** Their addresses stand in the settings of others, who may add to them what they like. */
  private static final Set<String> OF_STRANGERS =
      Set.of("/health", "/api/health", "/api/github-webhook", "/openapi");

  private final OpenApiDocument document;

  public KnownParameters(OpenApiDocument document) {
    this.document = document;
  }

  /** The route itself, or with the check before it if the document has it. */
  public Route checked(Route route) {
    if (OF_STRANGERS.contains(route.path())) {
      return route;
    }
    String method = route.method().name().toLowerCase(Locale.ROOT);
    return document
        .queryParameters(method, route.path())
        .map(known -> checked(route, known))
        .orElse(route);
  }

  private static Route checked(Route route, Set<String> known) {
    return new Route(
        route.method(),
        route.path(),
        call -> {
          refuseOthers(call, known);
          return route.endpoint().handle(call);
        });
  }

  private static void refuseOthers(Call call, Set<String> known) {
    List<FieldError> errors =
        call.queryNames().stream()
            .filter(name -> !known.contains(name))
            .sorted()
            .map(name -> new FieldError(name, refusal(known)))
            .toList();
    if (!errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
  }

  private static String refusal(Set<String> known) {
    return "is not a parameter that is known here; "
        + (known.isEmpty() ? "there are none" : "known are " + String.join(", ", known));
  }
}
