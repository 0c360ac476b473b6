package dev.millrace.standalone.check;

/** What one look at a deployment found. */
public sealed interface Finding {

  /** It is as it should be. */
  record Held(String what) implements Finding {}

  /**
   * It is not.
   *
   * @param what what should be
   * @param reason what was found, and what to do about it
   */
  record Failed(String what, String reason) implements Finding {}

  /**
   * Nobody knows.
   *
   * @param what what should be
   * @param reason why it was not looked at, and what it takes to
   */
  record NotChecked(String what, String reason) implements Finding {}
}
