package dev.millrace.worker.result;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.millrace.repositories.CommitRequest.Author;
import dev.millrace.repositories.GitHub;
import dev.millrace.repositories.PullRequest;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.worker.agent.AgentRun;
import java.util.Optional;

/**
 * What is done with the branch of a change: a pull request is opened for it, or it is merged. Both
 * may be asked for twice. A repository on this machine has no pull requests: there the branch
 * stands for one. The repository's failures pass through as {@link
 * dev.millrace.repositories.RepositoryException}.
 */
public final class PullRequests {

  /** Attribute of a task: its commit gets a pull request. */
  private static final String OPEN = "open_pull_request";

  /** Attributes of a task that merges: the branch, and the number of its pull request. */
  private static final String MERGE_BRANCH = "merge_branch";

  private static final String MERGE_NUMBER = "merge_pull_request";

  /** Attribute of a task that merges: the commit that was reviewed. */
  private static final String MERGE_COMMIT = "merge_commit";

  /** Attribute: branch that a change is to go to; the default branch without it. */
  private static final String BASE_BRANCH = "base_branch";

  private static final int MAX_TITLE = 200;

  private final Repositories repositories;
  private final Author author;

  public PullRequests(Repositories repositories, Author author) {
    this.repositories = repositories;
    this.author = author;
  }

  /** Whether a run merges, instead of asking its agent. */
  public boolean merges(AgentRun run) {
    return run.place().repository() != null && run.attribute(MERGE_BRANCH).isPresent();
  }

  /** Opens the pull request of a commit, if the run is to; as JSON. */
  public Optional<String> open(AgentRun run, Commit commit) {
    String name = commit.getRepository();
    if (run.attribute(OPEN).filter("true"::equals).isEmpty()
        || repositories.local().contains(name)) {
      return Optional.empty();
    }
    GitHub.Opened opened =
        repositories
            .github()
            .open(
                name,
                title(run),
                "Written by an agent of Millrace for task %s.".formatted(run.taskId()),
                commit.getBranch(),
                run.attribute(BASE_BRANCH).orElse(null));
    return Optional.of(
        JsonNodeFactory.instance
            .objectNode()
            .put("number", opened.request().number())
            .put("url", opened.request().url())
            .toString());
  }

  /** Merges the branch of a run; the commit that it was merged as, as JSON. */
  public String merge(AgentRun run) {
    String name = String.valueOf(run.place().repository());
    String branch = run.attribute(MERGE_BRANCH).orElseThrow();
    Optional<Integer> number = run.attribute(MERGE_NUMBER).map(Integer::valueOf);
    String reviewed = run.attribute(MERGE_COMMIT).orElse(null);
    String sha;
    if (number.isPresent() && !repositories.local().contains(name)) {
      PullRequest merged = repositories.github().mergeReviewed(name, number.get(), reviewed);
      sha = requireNonNullElse(merged.mergeCommit(), merged.headSha());
    } else {
      sha =
          repositories
              .repository(name)
              .merge(branch, reviewed, run.attribute(BASE_BRANCH).orElse(null), author);
    }
    return JsonNodeFactory.instance.objectNode().put("sha", sha).toString();
  }

  private static String title(AgentRun run) {
    return Texts.shorten(run.heading().replaceAll("\\p{Cntrl}+", " ").strip(), MAX_TITLE);
  }
}
