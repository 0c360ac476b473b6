package dev.millrace.worker.source;

import dev.millrace.repositories.PullRequest;
import dev.millrace.repositories.Repositories;
import dev.millrace.repositories.RepositoryException;
import dev.millrace.repositories.RepositoryException.Reason;
import dev.millrace.worker.agent.AgentRun;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the change that a run in the role of the reviewer is about: that of a pull request, or of a
 * branch. The repository's failures pass through as {@link RepositoryException}.
 */
public final class ReviewedChanges {

  /** Longest diff that is given to an agent, in bytes. */
  public static final int MAX_DIFF_BYTES = 256 << 10;

  /** Attribute of a task: number of the pull request to review. */
  private static final String PULL_REQUEST = "review_pull_request";

  /** Attribute: branch of the change, where there is no pull request. */
  private static final String BRANCH = "review_branch";

  /** Attribute: commit to look at; the newest of the change without it. */
  private static final String COMMIT = "review_commit";

  /** Attribute: branch that the change is to go to; the default branch without it. */
  private static final String BASE_BRANCH = "base_branch";

  private static final String REVIEWER = "reviewer";

  private final Repositories repositories;

  public ReviewedChanges(Repositories repositories) {
    this.repositories = repositories;
  }

  /** The change, if the run reviews one. */
  public Optional<ReviewedChange> of(AgentRun run) {
    String name = run.place().repository();
    if (name == null || !isReviewer(run)) {
      return Optional.empty();
    }
    Optional<Integer> number = pullRequest(run);
    String base = run.attribute(BASE_BRANCH).orElse(null);
    if (number.isPresent()) {
      PullRequest request = repositories.github().pullRequest(name, number.get());
      String commit = run.attribute(COMMIT).orElse(request.headSha());
      return Optional.of(change(name, number.get(), commit, request.base()));
    }
    return run.attribute(COMMIT)
        .or(() -> run.attribute(BRANCH))
        .map(commit -> change(name, null, commit, base));
  }

  /** Number of the pull request on GitHub that a run is to review, if it is to review one. */
  public Optional<Integer> pullRequest(AgentRun run) {
    String name = run.place().repository();
    return name == null || !isReviewer(run) || repositories.local().contains(name)
        ? Optional.empty()
        : run.attribute(PULL_REQUEST).map(ReviewedChanges::number);
  }

  private static boolean isReviewer(AgentRun run) {
    return run.role().filter(REVIEWER::equals).isPresent();
  }

  private static Integer number(String text) {
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw new RepositoryException(
          Reason.NOT_FOUND,
          "expected the number of a pull request as %s, found '%s'".formatted(PULL_REQUEST, text));
    }
    return Integer.valueOf(text);
  }

  private ReviewedChange change(
      String name, @Nullable Integer number, String commit, @Nullable String base) {
    return new ReviewedChange(
        number, commit, repositories.repository(name).diff(commit, base, MAX_DIFF_BYTES));
  }
}
