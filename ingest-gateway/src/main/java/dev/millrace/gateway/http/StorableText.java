package dev.millrace.gateway.http;

import java.util.Optional;

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
    flaw(text)
        .ifPresent(flaw -> {
          throw ProblemException.invalid(place, flaw);
        });
  }

  /** Why Postgres cannot hold a text; empty if it can. */
  public static Optional<String> flaw(String text) {
    if (text.indexOf(0) >= 0) {
      return Optional.of("expected text without the character U+0000");
    }
    return text.codePoints().anyMatch(StorableText::isHalf)
        ? Optional.of("expected text of whole characters, found half of a surrogate pair")
        : Optional.empty();
  }

  /** Pairs are one code point. */
  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
