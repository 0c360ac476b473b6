package dev.millrace.runtime.failure;

/** Finds what caused a failure. */
public final class Causes {

  private Causes() {}

  /** What a wrapper such as an {@code ExecutionException} wraps; itself when it wraps nothing. */
  public static Throwable unwrap(Throwable wrapper) {
    Throwable cause = wrapper.getCause();
    return cause == null ? wrapper : cause;
  }

  /** The message of the failure at the bottom, or its class when it has none. */
  public static String rootMessage(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
      root = cause;
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }
}
