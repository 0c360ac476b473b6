package dev.millrace.runtime.validation;

/** An event makes no sense: its record goes to the dead letters with this message. */
public final class InvalidEventException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidEventException(String reason) {
    super(reason);
  }
}
