package dev.millrace.repositories;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.repositories.GitHubApi.Answer;
import dev.millrace.repositories.RepositoryException.Reason;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.failure.Texts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Says what a failure of GitHub means and what to check. */
final class GitHubFailures {

  /** What GitHub asks to wait at least when it names no time. */
  private static final Duration DEFAULT_WAIT = Duration.ofMinutes(1);

  /** GitHub's limits are reset every hour. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private static final int MAX_MESSAGE_LENGTH = 300;

  private GitHubFailures() {}

  static RepositoryException unreachable(URI url, IOException e) {
    return new RepositoryException(
        Reason.UNAVAILABLE,
        "GitHub at %s did not answer (%s): check GITHUB_API_URL and the network"
            .formatted(url, Causes.rootMessage(e)),
        e);
  }

  static RepositoryException of(String repository, Answer answer, boolean hasToken) {
    String said = said(answer);
    int status = answer.status();
    if (isRateLimit(answer, said)) {
      Duration wait = wait(answer);
      return RepositoryException.rateLimited(
          "GitHub's rate limit is reached for %s; it can be asked again in %d s%s"
              .formatted(
                  repository, wait.toSeconds(), hasToken ? "" : "; set GITHUB_TOKEN for more"),
          wait);
    }
    return switch (status) {
      case 401 ->
          new RepositoryException(
              Reason.UNAUTHORIZED,
              "GitHub refused the token for %s (%s): check that GITHUB_TOKEN is set, complete and not expired"
                  .formatted(repository, said));
      case 403 ->
          new RepositoryException(
              Reason.FORBIDDEN,
              "GitHub does not allow this in %s (%s): check that GITHUB_TOKEN has the scope repo, or the permission to read and write contents, and that the branch is not protected"
                  .formatted(repository, said));
      case 404 ->
          new RepositoryException(
              Reason.NOT_FOUND,
              "GitHub finds no such thing in %s (%s): check the repository's name, that the branch exists, and that %s"
                  .formatted(
                      repository,
                      said,
                      hasToken
                          ? "GITHUB_TOKEN has the scope repo"
                          : "GITHUB_TOKEN is set, if the repository is private"));
      case 301, 302, 307, 308 ->
          new RepositoryException(
              Reason.NOT_FOUND,
              "%s has moved: use the name it has now on GitHub".formatted(repository));
      case 409 ->
          new RepositoryException(
              Reason.CONFLICT,
              "GitHub could not do this in %s in the state it is in: %s"
                  .formatted(repository, said));
      case 422 ->
          new RepositoryException(
              Reason.REFUSED,
              "GitHub refused this in %s: %s; check that, and the rules of the branch"
                  .formatted(repository, said));
      default ->
          new RepositoryException(
              Reason.UNAVAILABLE,
              "GitHub answered with status %d for %s (%s); try again later"
                  .formatted(status, repository, said));
    };
  }

  private static boolean isRateLimit(Answer answer, String said) {
    if (answer.status() == 429) {
      return true;
    }
    return answer.status() == 403
        && (answer.header("retry-after").isPresent()
            || answer.header("x-ratelimit-remaining").filter("0"::equals).isPresent()
            || said.toLowerCase(Locale.ROOT).contains("rate limit"));
  }

  private static Duration wait(Answer answer) {
    Optional<Duration> seconds =
        answer.header("retry-after").flatMap(GitHubFailures::number).map(Duration::ofSeconds);
    Duration wait =
        seconds
            .or(() ->
                answer
                    .header("x-ratelimit-reset")
                    .flatMap(GitHubFailures::number)
                    .map(reset -> Duration.between(Instant.now(), Instant.ofEpochSecond(reset))))
            .orElse(DEFAULT_WAIT);
    if (wait.isNegative() || wait.isZero()) {
      return Duration.ofSeconds(1);
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  private static Optional<Long> number(String text) {
    return text.matches("\\d{1,12}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  /** What GitHub said, in short. */
  static String said(Answer answer) {
    JsonNode body = answer.json();
    StringBuilder said = new StringBuilder(body.path("message").asText(""));
    for (JsonNode error : body.path("errors")) {
      String detail = error.isTextual() ? error.asText() : error.path("message").asText("");
      said.append(detail.isBlank() ? "" : ": " + detail);
    }
    String message = said.toString();
    return message.isBlank()
        ? "status " + answer.status()
        : Texts.shorten(message, MAX_MESSAGE_LENGTH);
  }
}
