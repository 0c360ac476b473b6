package dev.millrace.gateway.github;

import dev.millrace.gateway.http.ProblemException;
import dev.millrace.repositories.RepositoryException;
import java.time.Duration;

/** What a client is told when GitHub, or a repository, does not do what it was asked for. */
final class GithubProblems {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  private GithubProblems() {}

  static ProblemException of(RepositoryException failure) {
    String said = String.valueOf(failure.getMessage());
    Duration wait = failure.retryAfter().orElse(RETRY_AFTER);
    return switch (failure.reason()) {
      case NOT_FOUND -> ProblemException.notFound(said);
      case CONFLICT -> ProblemException.conflict(said);
      case FORBIDDEN -> ProblemException.forbidden(said);
      case RATE_LIMITED -> ProblemException.tooManyRequests(said, wait);
      case REFUSED, INVALID_PATH, TOO_LARGE -> ProblemException.unprocessable(said);
      case UNAVAILABLE -> ProblemException.unavailable(said, wait);
      case UNAUTHORIZED ->
          ProblemException.of(502, "github-refused", "GitHub does not take the token", said);
    };
  }
}
