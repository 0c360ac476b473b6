package dev.millrace.worker.agent;

import java.util.function.Consumer;

/** Makes lines of text that arrives in pieces. Not for several threads. */
public final class LineSplitter {

  /** A line that is longer is passed on in parts of this many characters. */
  private static final int MAX_LINE = 16_000;

  private final Consumer<String> lines;
  private final StringBuilder open = new StringBuilder();

  public LineSplitter(Consumer<String> lines) {
    this.lines = lines;
  }

  /** Takes a piece and passes on the lines that it completes. */
  public void append(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      if (c == '\n') {
        flush();
      } else {
        open.append(c);
        if (open.length() >= MAX_LINE) {
          flush();
        }
      }
    }
  }

  /** Passes on what has no line feed yet. */
  public void end() {
    if (!open.isEmpty()) {
      flush();
    }
  }

  private void flush() {
    int last = open.length() - 1;
    if (last >= 0 && open.charAt(last) == '\r') {
      open.setLength(last); // what follows would be an empty line otherwise
    }
    lines.accept(open.toString());
    open.setLength(0);
  }
}
