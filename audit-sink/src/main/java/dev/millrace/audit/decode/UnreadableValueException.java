package dev.millrace.audit.decode;

/** A value that has no JSON form; the message says why. */
final class UnreadableValueException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableValueException(String message) {
    super(message);
  }
}
