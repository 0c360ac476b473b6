package dev.millrace.embedding.chunk;

import java.util.Arrays;

/** Says which line a character is in. */
final class LineIndex {

  private final int[] starts;

  LineIndex(String text) {
    int[] found = new int[16];
    int lines = 1;
    for (int i = 0; i < text.length(); i++) {
      if (endsLine(text, i)) {
        if (lines == found.length) {
          found = Arrays.copyOf(found, lines * 2);
        }
        found[lines++] = i + 1;
      }
    }
    this.starts = Arrays.copyOf(found, lines);
  }

  private static boolean endsLine(String text, int place) {
    char c = text.charAt(place);
    return c == '\n'
        || (c == '\r' && !(place + 1 < text.length() && text.charAt(place + 1) == '\n'));
  }

  /** Line of a character, from 1. */
  int lineOf(int place) {
    int found = Arrays.binarySearch(starts, place);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
