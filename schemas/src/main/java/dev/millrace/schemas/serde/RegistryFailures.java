package dev.millrace.schemas.serde;

import com.microsoft.kiota.ApiException;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.apache.avro.InvalidNumberEncodingException;

/** Tells a registry that is away from a value that cannot be written or read. */
final class RegistryFailures {

  private RegistryFailures() {}

  /**
   * Whether a serde failed because it could not talk to the registry: some cause is a failure of
   * the network, or of the registry itself. What Avro finds wrong with a value is an {@link
   * IOException} as well, but none of the network.
   */
  static boolean isUnavailable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException || cause instanceof InvalidNumberEncodingException) {
        return false;
      }
      if (cause instanceof ApiException answer && isOwnFailure(answer.getResponseStatusCode())) {
        return true;
      }
      if (cause instanceof IOException || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOwnFailure(int status) {
    return status >= 500 || status == 429;
  }

  /** What the failure at the bottom says, or what it is called when it says nothing. */
  static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
