package dev.millrace.health.remedy;

import java.time.Instant;

/**
 * What became of a repair.
 *
 * @param commandId the command
 * @param result how it ended
 * @param at when it ended
 */
public record PastRepair(String commandId, Result result, Instant at) {

  /** How a repair ended. */
  public enum Result {
    SUCCEEDED,
    FAILED,
    SKIPPED
  }
}
