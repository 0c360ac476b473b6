package dev.millrace.worker.result;

import dev.millrace.repositories.CommitRequest;
import dev.millrace.repositories.CommitRequest.Author;
import dev.millrace.repositories.CommitResult;
import dev.millrace.repositories.FileChange;
import dev.millrace.repositories.Repositories;
import dev.millrace.repositories.Repository;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Commits the files of a result to the task's repository, once for each task: the commit carries
 * the task's id, and a commit that is there already is found again. The repository refuses paths
 * that leave it or are protected.
 */
public final class ResultCommitter {

  /** Attribute of a task: the branch that it commits to, made if it does not exist. */
  static final String WORK_BRANCH = "work_branch";

  private final Repositories repositories;
  private final Author author;
  private final boolean workflowsAllowed;

  public ResultCommitter(Repositories repositories, Author author, boolean workflowsAllowed) {
    this.repositories = repositories;
    this.author = author;
    this.workflowsAllowed = workflowsAllowed;
  }

  /**
   * Commits the files, if there are any and the task names a repository; the repository's failures
   * pass through as {@link dev.millrace.repositories.RepositoryException}.
   */
  public Optional<Commit> commit(AgentRun run, Provider provider, List<ResultFile> files) {
    String name = run.place().repository();
    if (name == null || files.isEmpty()) {
      return Optional.empty();
    }
    Map<String, FileChange> changes = new TreeMap<>();
    files.forEach(file -> changes.put(file.path(), file.change()));
    Repository repository = repositories.repository(name);
    Optional<String> ownBranch = run.attribute(WORK_BRANCH);
    CommitResult made =
        repository.commit(
            new CommitRequest(
                ownBranch.orElse(run.place().branch()),
                message(run, provider),
                changes,
                run.taskId().value(),
                author,
                workflowsAllowed,
                ownBranch.map(_ -> start(run, repository)).orElse(null)));
    return Optional.of(
        Commit.newBuilder()
            .setRepository(name)
            .setBranch(made.branch())
            .setSha(made.sha())
            .setUrl(made.url())
            .setPaths(made.paths())
            .build());
  }

  /** What a branch of the run's own is made from. */
  private static String start(AgentRun run, Repository repository) {
    String branch = run.place().branch();
    return branch == null ? repository.defaultBranch() : branch;
  }

  private static String message(AgentRun run, Provider provider) {
    return "%s: %s\n\nWritten by agent %s (%s)."
        .formatted(oneLine(run.taskType()), oneLine(run.heading()), run.agent(), provider.code());
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }
}
