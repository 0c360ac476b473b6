package dev.millrace.repositories;

import dev.millrace.repositories.RepositoryException.Reason;
import dev.millrace.runtime.queue.TaskTrailer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files to commit.
 *
 * @param branch branch to commit to; null is the default branch
 * @param message message of the commit; the trailer is added to it
 * @param files new content of each file, by path; they replace what is there
 * @param taskId task that the commit is made for: it is made once
 * @param author who the commit says wrote it
 * @param workflowsAllowed whether files may stand in {@code .github/workflows/}, where a commit
 *     makes GitHub run code
 * @param from branch, tag or commit that the branch is made from if it does not exist; null if it
 *     has to
 */
public record CommitRequest(
    @Nullable String branch,
    String message,
    Map<String, String> files,
    String taskId,
    Author author,
    boolean workflowsAllowed,
    @Nullable String from) {

  /** Files of one commit at most. */
  public static final int MAX_FILES = 200;

  /** Size of all files of one commit together at most, in bytes. */
  public static final int MAX_BYTES = 16 << 20;

  /**
   * @throws RepositoryException with {@code invalid_path} if a path leaves the repository or is
   *     protected, {@code too_large} if it is more than fits in one commit
   */
  public CommitRequest {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    if (files.isEmpty() || message.isBlank()) {
      throw new IllegalArgumentException("a commit needs a file and a message");
    }
    TaskTrailer.checkId(taskId);
    for (String path : files.keySet()) {
      RepositoryPath.checkWritable(path, workflowsAllowed);
    }
    long bytes =
        files.values().stream()
            .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
            .sum();
    if (files.size() > MAX_FILES || bytes > MAX_BYTES) {
      throw new RepositoryException(
          Reason.TOO_LARGE,
          "expected at most %d files of %d bytes together in a commit, found %d of %d"
              .formatted(MAX_FILES, MAX_BYTES, files.size(), bytes));
    }
  }

  /** A commit that touches no workflows. */
  public CommitRequest(
      @Nullable String branch,
      String message,
      Map<String, String> files,
      String taskId,
      Author author) {
    this(branch, message, files, taskId, author, false, null);
  }

  /** Author of a commit. */
  public record Author(String name, String email) {

    public Author {
      if (hasForbidden(name) || hasForbidden(email)) {
        throw new IllegalArgumentException(
            "expected an author's name and address without control characters and angle brackets");
      }
    }

    private static boolean hasForbidden(String text) {
      return text.isBlank()
          || text.chars().anyMatch(c -> c == '<' || c == '>' || Character.isISOControl(c));
    }
  }
}
