package dev.millrace.gateway.http;

/** What a text must be to be kept as it came: all that is accepted goes to Postgres, in UTF-8. */
public final class StorableText {

  private StorableText() {}

  /**
   * Refuses a text that Postgres cannot hold.
   *
   * @param place where it stands
   * @throws ProblemException 400 that names the place
   */
  public static void require(String place, String text) {
    if (text.indexOf(0) >= 0) {
      throw ProblemException.invalid(place, "expected text without the character U+0000");
    }
    if (text.codePoints().anyMatch(StorableText::isHalf)) {
      throw ProblemException.invalid(
          place, "expected text of whole characters, found half of a surrogate pair");
    }
  }

  /** Whether Postgres can hold a text. */
  public static boolean isStorable(String text) {
    return text.indexOf(0) < 0 && text.codePoints().noneMatch(StorableText::isHalf);
  }

  /** Pairs are one code point. */
  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
