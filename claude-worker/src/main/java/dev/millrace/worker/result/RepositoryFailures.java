package dev.millrace.worker.result;

import dev.millrace.repositories.RepositoryException;
import dev.millrace.worker.agent.AgentFailure;

/** What the failures of a repository mean for a run. */
public final class RepositoryFailures {

  private RepositoryFailures() {}

  /**
   * The failure of a run.
   *
   * @param action what was tried: {@code commit}, {@code read}, {@code merge} or {@code review}
   * @param local whether the repository is on this machine, not on GitHub
   */
  public static AgentFailure of(String action, boolean local, RepositoryException failure) {
    String message =
        "%s %s failed: %s: %s"
            .formatted(
                local ? "Local repository" : "GitHub",
                action,
                local ? failure.code() : status(failure),
                failure.getMessage());
    return new AgentFailure(
        "repository_" + failure.code(),
        message,
        failure.isRetriable(),
        failure.retryAfter().orElse(null));
  }

  private static String status(RepositoryException failure) {
    return switch (failure.reason()) {
      case NOT_FOUND -> "404";
      case UNAUTHORIZED -> "401";
      case FORBIDDEN -> "403";
      case CONFLICT -> "409";
      case REFUSED -> "422";
      case RATE_LIMITED -> "429";
      case UNAVAILABLE, INVALID_PATH, TOO_LARGE -> failure.code();
    };
  }
}
