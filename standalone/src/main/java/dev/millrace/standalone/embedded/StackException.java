package dev.millrace.standalone.embedded;

/**
 * The embedded stack cannot start, stop or go on. The message is one sentence for the person at the
 * terminal: what was expected, what was found, what to do.
 */
public final class StackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StackException(String message) {
    super(message);
  }

  public StackException(String message, Throwable cause) {
    super(message, cause);
  }
}
