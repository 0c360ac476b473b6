package dev.millrace.runtime.failure;

/** Texts of others, cut to what a record can carry. */
public final class Texts {

  private Texts() {}

  /**
   * The text, or its beginning.
   *
   * @param maxLength characters that it may have
   */
  public static String shorten(String text, int maxLength) {
    return text.length() <= maxLength ? text : text.substring(0, maxLength) + "…";
  }
}
