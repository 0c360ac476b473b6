package dev.millrace.embedding.index;

/** A document that cannot be indexed, however often it is tried; the message says why. */
public final class DocumentRejectedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DocumentRejectedException(String reason) {
    super(reason);
  }

  public DocumentRejectedException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
