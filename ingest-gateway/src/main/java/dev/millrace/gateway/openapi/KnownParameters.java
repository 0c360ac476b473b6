package dev.millrace.gateway.openapi;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.FieldError;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import java.util.List;
import java.util.Set;

/**
 * Refuses reads with query parameters that the OpenAPI document does not know: a filter that is
 * misspelt would filter nothing, and its answer would look right.
 */
public final class KnownParameters {

  private final OpenApiDocument document;

  public KnownParameters(OpenApiDocument document) {
    this.document = document;
  }

  /** The route itself, or with the check before it if it reads something by query parameters. */
  public Route checked(Route route) {
    if (route.method() != Route.Method.GET) {
      return route;
    }
    Set<String> known = document.queryParameters("get", route.path());
    if (known.isEmpty()) {
      return route;
    }
    return Route.get(
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
            .map(name ->
                new FieldError(
                    name,
                    "is not a parameter that is known here; known are " + String.join(", ", known)))
            .toList();
    if (!errors.isEmpty()) {
      throw ProblemException.invalid(errors);
    }
  }
}
