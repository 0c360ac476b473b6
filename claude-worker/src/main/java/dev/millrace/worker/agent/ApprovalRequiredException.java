package dev.millrace.worker.agent;

/** A run must not go on without somebody's approval; the message is the question. */
public final class ApprovalRequiredException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public ApprovalRequiredException(String question) {
    super(question, null, false, false);
  }
}
