package dev.millrace.health.scrape;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics in the <a
 * href="https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format">text format
 * of Prometheus</a>, version 0.0.4. What only OpenMetrics has, exemplars and {@code # EOF}, is
 * passed over; so are timestamps, as a sample counts from when it was read.
 */
final class Exposition {

  private static final int MAX_SERIES = 50_000;

  private final String line;
  private int at;

  private Exposition(String line) {
    this.line = line;
  }

  /**
   * The value of one series.
   *
   * @param name name of its metric, with the suffix where it has one
   * @param labels its labels
   * @param value may be infinite, or no number
   */
  record Series(String name, Map<String, String> labels, double value) {

    Series {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * Reads all series.
   *
   * @throws ScrapeException that names the first line that cannot be read
   */
  static List<Series> parse(String text) throws ScrapeException {
    List<Series> series = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      if (series.size() == MAX_SERIES) {
        throw new ScrapeException("expected at most " + MAX_SERIES + " series");
      }
      try {
        series.add(new Exposition(stripped).series());
      } catch (IllegalArgumentException e) {
        throw new ScrapeException(
            "line " + number + " is not of the text format of Prometheus: " + e.getMessage());
      }
    }
    return series;
  }

  private Series series() {
    String name = until("{ \t");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("expected the name of a metric");
    }
    skipBlanks();
    Map<String, String> labels = peek() == '{' ? labels() : Map.of();
    skipBlanks();
    return new Series(name, labels, number(until(" \t")));
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new HashMap<>();
    expect('{');
    skipBlanks();
    while (peek() != '}') {
      String label = until("= \t");
      skipBlanks();
      expect('=');
      skipBlanks();
      labels.put(label, quoted());
      skipBlanks();
      if (peek() == ',') {
        at++;
        skipBlanks();
      } else if (peek() != '}') {
        throw new IllegalArgumentException("expected , or } after a label");
      }
    }
    expect('}');
    return labels;
  }

  private String quoted() {
    expect('"');
    StringBuilder text = new StringBuilder();
    while (peek() != '"') {
      char next = take();
      if (next == '\\') {
        char escaped = take();
        text.append(escaped == 'n' ? '\n' : escaped);
      } else {
        text.append(next);
      }
    }
    expect('"');
    return text.toString();
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      case "NaN", "Nan" -> Double.NaN;
      default -> {
        try {
          yield Double.parseDouble(text);
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException("expected a number", e);
        }
      }
    };
  }

  /** What stands before the next of these characters, or the end. */
  private String until(String ends) {
    int start = at;
    while (at < line.length() && ends.indexOf(line.charAt(at)) < 0) {
      at++;
    }
    return line.substring(start, at);
  }

  private void skipBlanks() {
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
  }

  /** The next character; 0 at the end of the line. */
  private char peek() {
    return at < line.length() ? line.charAt(at) : 0;
  }

  private char take() {
    if (at == line.length()) {
      throw new IllegalArgumentException("expected more");
    }
    return line.charAt(at++);
  }

  private void expect(char expected) {
    if (take() != expected) {
      throw new IllegalArgumentException("expected " + expected);
    }
  }
}
