package dev.millrace.gateway.http;

/** Compares a path with the path of a route. */
final class PathPattern {

  private PathPattern() {}

  /**
   * Whether a path fits: {@code {name}} stands for one segment, {@code {+name}} for the rest.
   *
   * @param pattern path of a route
   */
  static boolean matches(String pattern, String path) {
    String[] expected = pattern.split("/", -1);
    String[] found = path.split("/", -1);
    for (int i = 0; i < expected.length; i++) {
      if (expected[i].startsWith("{+")) {
        return found.length > i;
      }
      if (i >= found.length || !(expected[i].startsWith("{") || expected[i].equals(found[i]))) {
        return false;
      }
    }
    return expected.length == found.length;
  }
}
