package dev.millrace.audit.mirror;

import java.time.Duration;

/**
 * Limits of the mirror.
 *
 * @param batchRows rows of one transaction at most
 * @param batchBytes keys and values of one transaction at most
 * @param retryBackoff longest wait between two tries
 */
public record MirrorLimits(int batchRows, int batchBytes, Duration retryBackoff) {

  /** How many times as long as its bytes the JSON of a batch is, at most. */
  private static final int JSON_FACTOR = 4;

  /** JSON of one transaction at most, in bytes; one record may be more. */
  long batchJsonBytes() {
    return (long) JSON_FACTOR * batchBytes;
  }
}
