package dev.millrace.worker.journal;

import dev.millrace.runtime.failure.Outage;

/** The journal cannot be reached; later it may. */
public final class JournalUnavailableException extends RuntimeException implements Outage {

  private static final long serialVersionUID = 1L;

  public JournalUnavailableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
