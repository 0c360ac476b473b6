package dev.millrace.schemas.serde;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Tells a registry that is away from a value that cannot be written or read. */
final class RegistryFailures {

  private RegistryFailures() {}

  /**
   * Whether a serde failed because it could not talk to the registry: some cause is a failure of
   * the network. The end of too short a value is an {@link IOException} as well, but none of the
   * network.
   */
  static boolean isUnavailable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException) {
        return false;
      }
      if (cause instanceof IOException || cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }
}
