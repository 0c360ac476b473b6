package dev.millrace.worker.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a run failed.
 *
 * @param code stable code, for example {@code rate_limited}
 * @param message what was expected, what was found, what to do
 * @param retryable whether another run may succeed without anybody changing anything
 * @param retryAfter how long the provider asks to wait, if it does
 */
public record AgentFailure(
    String code, String message, boolean retryable, @Nullable Duration retryAfter) {

  /** A failure that stays until somebody changes something. */
  public static AgentFailure permanent(String code, String message) {
    return new AgentFailure(code, message, false, null);
  }

  /** A failure that may be gone the next time. */
  public static AgentFailure temporary(String code, String message) {
    return new AgentFailure(code, message, true, null);
  }
}
