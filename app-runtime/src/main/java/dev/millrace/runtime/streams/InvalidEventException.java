package dev.millrace.runtime.streams;

/** A processor met an event that makes no sense: it goes to the dead letters with this message. */
public final class InvalidEventException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidEventException(String reason) {
    super(reason);
  }
}
