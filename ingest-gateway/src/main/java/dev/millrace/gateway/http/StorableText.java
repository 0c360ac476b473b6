package dev.millrace.gateway.http;

import java.nio.charset.StandardCharsets;

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
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw ProblemException.invalid(
          place, "expected text of whole characters, found half of a surrogate pair");
    }
  }
}
