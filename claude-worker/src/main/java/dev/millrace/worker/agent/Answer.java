package dev.millrace.worker.agent;

import dev.millrace.schemas.agent.LogStream;

/**
 * The answer of a model as it arrives: gathered up to the limit, and logged line by line. Not for
 * several threads.
 */
public final class Answer {

  private final StringBuilder text = new StringBuilder();
  private final LineSplitter lines;
  private long bytes;

  public Answer(RunReporter reporter) {
    this.lines = new LineSplitter(line -> reporter.log(LogStream.STDOUT, line));
  }

  /** Takes a piece; false when the answer is too large. */
  public boolean append(String piece) {
    bytes += utf8Length(piece);
    if (bytes > AgentResult.MAX_BYTES) {
      return false;
    }
    text.append(piece);
    lines.append(piece);
    return true;
  }

  /** The whole answer; ends the last line. */
  public String end() {
    lines.end();
    return text.toString();
  }

  /** Each half of a pair of surrogates counts two, which makes the four bytes of the pair. */
  private static long utf8Length(String piece) {
    long length = 0;
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }
}
