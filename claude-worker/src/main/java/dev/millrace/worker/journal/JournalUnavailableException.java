package dev.millrace.worker.journal;

/** The journal cannot be reached; later it may. */
public final class JournalUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public JournalUnavailableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
