package dev.millrace.embedding.parse;

/** A document that cannot be read; the message says what was expected and found. */
public final class UnparsableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UnparsableException(String reason) {
    super(reason);
  }

  public UnparsableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
