package dev.millrace.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Locale;

/** Compares a path with the path of a route. */
final class PathPattern {

  private PathPattern() {}

  /**
   * Whether a path fits: {@code {name}} stands for one segment that is not empty, {@code {+name}}
   * for the rest.
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
      if (i >= found.length || !fits(expected[i], found[i])) {
        return false;
      }
    }
    return expected.length == found.length;
  }

  private static boolean fits(String expected, String found) {
    return expected.startsWith("{") ? !found.isEmpty() : expected.equals(found);
  }

  /** Whether a path, as it was sent, has a slash that separates nothing. */
  static boolean hasEncodedSlash(String rawPath) {
    return rawPath.toLowerCase(Locale.ROOT).contains("%2f");
  }

  /**
   * A parameter of a path that fits.
   *
   * @param rawPath the path as it was sent
   */
  static String parameter(String pattern, String rawPath, String name) {
    int segment = Arrays.asList(pattern.split("/", -1)).indexOf('{' + name + '}');
    String found = rawPath.split("/", -1)[segment];
    return URLDecoder.decode(found.replace("+", "%2B"), UTF_8);
  }
}
