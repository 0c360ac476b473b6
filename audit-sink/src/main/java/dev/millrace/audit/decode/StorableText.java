package dev.millrace.audit.decode;

/**
 * Text as Postgres can hold it: neither {@code text} nor {@code jsonb} holds U+0000 or half of a
 * surrogate pair; both become U+FFFD, the replacement character.
 */
public final class StorableText {

  private static final char REPLACEMENT = '\uFFFD';

  private StorableText() {}

  /** Whether the text can be stored as it is. */
  public static boolean isStorable(String text) {
    return firstUnstorable(text, 0) == text.length();
  }

  /** The text itself when it can be stored, else a copy with what cannot be stored replaced. */
  public static String of(String text) {
    int bad = firstUnstorable(text, 0);
    if (bad == text.length()) {
      return text;
    }
    StringBuilder storable = new StringBuilder(text);
    while (bad < text.length()) {
      storable.setCharAt(bad, REPLACEMENT);
      bad = firstUnstorable(text, bad + 1);
    }
    return storable.toString();
  }

  private static int firstUnstorable(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isLowSurrogate(c)) {
        return i;
      }
      if (Character.isHighSurrogate(c)) {
        if (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return text.length();
  }
}
