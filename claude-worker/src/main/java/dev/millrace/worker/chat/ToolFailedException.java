package dev.millrace.worker.chat;

/** A call of a tool that cannot be done. */
public final class ToolFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  public ToolFailedException(String message) {
    super(message);
  }
}
