package dev.millrace.standalone.check;

import java.io.Serial;

/** A look at a deployment found something else than it should; the message says what. */
final class CheckFailedException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  CheckFailedException(String message) {
    super(message);
  }

  CheckFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
