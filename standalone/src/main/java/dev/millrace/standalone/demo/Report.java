package dev.millrace.standalone.demo;

import com.google.errorprone.annotations.FormatMethod;
import java.io.PrintStream;

/** Prints what a step does and finds. */
final class Report {

  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  void headline(int number, int total, String title) {
    out.printf("%n[%d/%d] %s%n", number, total, title);
  }

  /** Something that was done, as a user would do it. */
  @FormatMethod
  void did(String format, Object... arguments) {
    out.printf("      %s%n", format.formatted(arguments));
  }

  /** Something that was checked and held. */
  @FormatMethod
  void held(String format, Object... arguments) {
    out.printf("  ok  %s%n", format.formatted(arguments));
  }

  /** Something that was checked and did not hold. */
  void failed(String reason) {
    out.printf("FAIL  %s%n", reason);
  }

  /** Where to look at it. */
  @FormatMethod
  void look(String format, Object... arguments) {
    out.printf("      look: %s%n", format.formatted(arguments));
  }

  void line(String text) {
    out.println(text);
  }
}
