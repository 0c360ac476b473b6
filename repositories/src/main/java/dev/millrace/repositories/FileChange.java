package dev.millrace.repositories;

/** What a commit does to a file. */
public sealed interface FileChange {

  /**
   * It has this text afterwards.
   *
   * @param executable whether it becomes executable; false leaves that as it is
   */
  record Write(String text, boolean executable) implements FileChange {

    public Write(String text) {
      this(text, false);
    }
  }

  /** It is gone afterwards, and need not have been there. */
  record Delete() implements FileChange {}
}
