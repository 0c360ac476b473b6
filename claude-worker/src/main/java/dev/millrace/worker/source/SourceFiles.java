package dev.millrace.worker.source;

import dev.millrace.repositories.Repositories;
import dev.millrace.repositories.Repository;
import dev.millrace.repositories.RepositoryException;
import dev.millrace.repositories.RepositoryException.Reason;
import dev.millrace.repositories.RepositoryFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.agent.RunReporter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files that a task is about: the file it names, the README, and the documents under
 * {@code docs/}. The repository's failures pass through as {@link
 * dev.millrace.repositories.RepositoryException}.
 */
public final class SourceFiles {

  /** Largest file that is given to an agent, in bytes. */
  static final int MAX_FILE_BYTES = 256 << 10;

  private static final String DOCUMENTS = "docs/";

  private final Repositories repositories;

  public SourceFiles(Repositories repositories) {
    this.repositories = repositories;
  }

  /** The repository of a task, if it names one. */
  public Optional<Repository> repository(AgentRun run) {
    return Optional.ofNullable(run.place().repository()).map(repositories::repository);
  }

  /** A further repository that a task may read. */
  public Repository further(String name) {
    return repositories.repository(name);
  }

  /** The file that the task names, if it exists. */
  public Optional<SourceFile> named(AgentRun run) {
    String path = run.place().filePath();
    return path == null ? Optional.empty() : file(run, path);
  }

  /** A file of the task's repository, if it exists; here a large one is a failure. */
  public Optional<SourceFile> file(AgentRun run, String path) {
    return repository(run).flatMap(repository -> file(repository, run.place().branch(), path));
  }

  /** A file of a repository, if it exists; a large one is a failure. */
  public static Optional<SourceFile> file(
      Repository repository, @Nullable String branch, String path) {
    Optional<RepositoryFile> file = repository.read(path, branch);
    file.filter(SourceFiles::isTooLarge)
        .ifPresent(large -> {
          throw new RepositoryException(
              Reason.TOO_LARGE,
              "expected %s to have at most %d bytes, found %d; name a smaller file"
                  .formatted(path, MAX_FILE_BYTES, large.content().length));
        });
    return file.map(found -> new SourceFile(path, found.text()));
  }

  /**
   * The file that the task names and the documents of its repository, in an order that is always
   * the same: the named file, the README, the documents by path.
   *
   * @param without path that is left out: the file that is to be written
   * @param maxFiles files at most
   */
  public List<SourceFile> documents(
      AgentRun run, @Nullable String without, int maxFiles, RunReporter reporter) {
    Repository repository = repository(run).orElse(null);
    if (repository == null) {
      return List.of();
    }
    List<SourceFile> files = new ArrayList<>();
    named(run).filter(file -> !file.path().equals(without)).ifPresent(files::add);
    for (String path : documentPaths(repository, run.place())) {
      if (files.size() == maxFiles) {
        reporter.log("further files are not read: " + maxFiles + " is the limit");
        break;
      }
      if (!path.equals(without)) {
        read(repository, path, run.place().branch(), reporter).ifPresent(files::add);
      }
    }
    return files;
  }

  private static SequencedSet<String> documentPaths(Repository repository, Place place) {
    SequencedSet<String> paths = new LinkedHashSet<>();
    repository.list(place.branch(), "README").stream()
        .filter(path -> isMarkdown(path) && path.indexOf('/') < 0)
        .forEach(paths::add);
    repository.list(place.branch(), DOCUMENTS).stream()
        .filter(SourceFiles::isMarkdown)
        .forEach(paths::add);
    paths.remove(place.filePath());
    return paths;
  }

  /** Whether a path is that of a Markdown file. */
  public static boolean isMarkdown(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return lower.endsWith(".md") || lower.endsWith(".markdown");
  }

  private static boolean isTooLarge(RepositoryFile file) {
    return file.content().length > MAX_FILE_BYTES;
  }

  private static Optional<SourceFile> read(
      Repository repository, String path, @Nullable String branch, RunReporter reporter) {
    Optional<RepositoryFile> file = repository.read(path, branch);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    if (isTooLarge(file.get())) {
      reporter.log("%s is left out: it has more than %d bytes".formatted(path, MAX_FILE_BYTES));
      return Optional.empty();
    }
    return Optional.of(new SourceFile(path, file.get().text()));
  }
}
