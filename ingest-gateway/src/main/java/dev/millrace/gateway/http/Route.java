package dev.millrace.gateway.http;

/**
 * A method and a path, and what stands behind them.
 *
 * @param path path with parameters in braces, for example {@code /api/tasks/{id}}
 */
public record Route(Method method, String path, Endpoint endpoint) {

  /** Methods that routes have. */
  public enum Method {
    GET,
    POST,
    PUT,
    DELETE
  }

  public static Route get(String path, Endpoint endpoint) {
    return new Route(Method.GET, path, endpoint);
  }

  public static Route delete(String path, Endpoint endpoint) {
    return new Route(Method.DELETE, path, endpoint);
  }

  public static Route put(String path, Endpoint endpoint) {
    return new Route(Method.PUT, path, endpoint);
  }

  public static Route post(String path, Endpoint endpoint) {
    return new Route(Method.POST, path, endpoint);
  }
}
