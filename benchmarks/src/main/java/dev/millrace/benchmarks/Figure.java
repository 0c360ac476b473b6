package dev.millrace.benchmarks;

import java.util.Locale;

/** A figure of a benchmark, printed as {@code name value unit}. */
public record Figure(String name, double value, String unit) {

  public void print() {
    System.out.println(String.format(Locale.ROOT, "%s %.3f %s", name, value, unit));
  }
}
