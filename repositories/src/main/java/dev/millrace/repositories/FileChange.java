package dev.millrace.repositories;

/** What a commit does to a file. */
public sealed interface FileChange {

  /**
   * It has this text afterwards.
   *
   * @param mode whether it is executable afterwards
   */
  record Write(String text, Mode mode) implements FileChange {

    public Write(String text) {
      this(text, Mode.KEPT);
    }
  }

  /** Whether a file is executable. */
  enum Mode {
    /** As before; a new file is not. */
    KEPT,
    EXECUTABLE,
    REGULAR
  }

  /** It is gone afterwards, and need not have been there. */
  record Delete() implements FileChange {}
}
