package dev.millrace.audit.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSON path of the simple kind: {@code $.sender.email}, {@code $.commits[*].author}, {@code
 * $.attributes.*}.
 *
 * @param text the path as it was written
 * @param steps names of fields, and {@link #EVERY} for all elements or values
 */
record RedactionPath(String text, List<String> steps) {

  static final String EVERY = "*";

  private static final Pattern STEP = Pattern.compile("\\.([A-Za-z_][A-Za-z0-9_-]*|\\*)|\\[\\*]");

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException if it is none
   */
  static RedactionPath parse(String text) {
    List<String> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(text);
    int end = text.startsWith("$") ? 1 : -1;
    while (end > 0 && end < text.length() && matcher.find(end) && matcher.start() == end) {
      steps.add(matcher.group(1) == null ? EVERY : matcher.group(1));
      end = matcher.end();
    }
    if (end != text.length() || steps.isEmpty()) {
      throw new IllegalArgumentException(
          "expected a path such as $.sender.email or $.commits[*].author, found '" + text + "'");
    }
    return new RedactionPath(text, List.copyOf(steps));
  }
}
