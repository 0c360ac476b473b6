package dev.millrace.runtime.share;

/** A delivery that no retry will help: its record goes to the dead letters with this message. */
public final class WorkRejectedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public WorkRejectedException(String reason) {
    super(reason);
  }
}
