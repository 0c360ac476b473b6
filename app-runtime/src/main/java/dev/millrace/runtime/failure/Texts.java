package dev.millrace.runtime.failure;

/**
 * Texts of others, cut to what a record can carry. Lengths are those of {@link String#length}; no
 * character that takes two of them is cut in half.
 */
public final class Texts {

  private static final String ELLIPSIS = "…";

  private Texts() {}

  /**
   * The text, or its beginning with an ellipsis.
   *
   * @param maxLength length that it may have, with the ellipsis
   */
  public static String shorten(String text, int maxLength) {
    return shorten(text, maxLength, ELLIPSIS);
  }

  /**
   * The text, or its beginning with an ending that says so.
   *
   * @param maxLength length that it may have, with the ending
   */
  public static String shorten(String text, int maxLength, String ending) {
    return text.length() <= maxLength
        ? text
        : beginning(text, Math.max(0, maxLength - ending.length())).stripTrailing() + ending;
  }

  /** The text, or as much of its beginning as may be. */
  public static String beginning(String text, int maxLength) {
    if (text.length() <= maxLength) {
      return text;
    }
    boolean cutsInHalf =
        maxLength > 0
            && Character.isSurrogatePair(text.charAt(maxLength - 1), text.charAt(maxLength));
    return text.substring(0, cutsInHalf ? maxLength - 1 : maxLength);
  }
}
