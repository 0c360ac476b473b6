package dev.millrace.worker.run;

import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.redaction.Redaction;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines a run may log: without credentials and control characters, none longer than {@value
 * #MAX_LINE} characters, and no more than {@value #MAX_LINES}; the last says that more were
 * dropped. Not for several threads.
 */
final class LogLines {

  static final int MAX_LINE = 16 << 10;
  static final int MAX_LINES = 10_000;

  private long sequence;

  /**
   * A line as it is logged.
   *
   * @param sequence number of the line in the run, from 0
   */
  record Line(long sequence, String content) {}

  /** Makes lines of a text; none when the limit is passed. */
  List<Line> of(String text) {
    List<Line> lines = new ArrayList<>();
    for (String line : text.split("\\R", -1)) {
      if (sequence == MAX_LINES - 1) {
        lines.add(
            new Line(sequence++, "[cut: a run keeps " + MAX_LINES + " log lines; more follow]"));
      } else if (sequence < MAX_LINES) {
        lines.add(new Line(sequence++, shorten(Redaction.redact(printable(line)))));
      }
    }
    return lines;
  }

  private static String printable(String line) {
    return line.replaceAll("[\\p{Cntrl}&&[^\\t]]", "\uFFFD");
  }

  private static String shorten(String line) {
    return Texts.shorten(line, MAX_LINE, " [cut: " + line.length() + " characters]");
  }
}
