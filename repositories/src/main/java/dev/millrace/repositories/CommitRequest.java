package dev.millrace.repositories;

import static java.util.stream.Collectors.toMap;

import dev.millrace.repositories.FileChange.Delete;
import dev.millrace.repositories.FileChange.Write;
import dev.millrace.repositories.RepositoryException.Reason;
import dev.millrace.runtime.queue.TaskTrailer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files to commit.
 *
 * @param branch branch to commit to; null is the default branch
 * @param message message of the commit; the trailer is added to it
 * @param files what becomes of each file, by path
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
    Map<String, FileChange> files,
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
            .mapToLong(change -> change instanceof Write write ? bytes(write.text()) : 0)
            .sum();
    if (files.size() > MAX_FILES || bytes > MAX_BYTES) {
      throw new RepositoryException(
          Reason.TOO_LARGE,
          "expected at most %d files of %d bytes together in a commit, found %d of %d"
              .formatted(MAX_FILES, MAX_BYTES, files.size(), bytes));
    }
  }

  /**
   * Checks a path before there is a commit, by the rules for those of a commit.
   *
   * @throws RepositoryException with {@code invalid_path} if a commit may not write there
   */
  public static void checkPath(String path, boolean workflowsAllowed) {
    RepositoryPath.checkWritable(path, workflowsAllowed);
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A commit that writes texts, and touches no workflows. */
  public CommitRequest(
      @Nullable String branch,
      String message,
      Map<String, String> texts,
      String taskId,
      Author author) {
    this(branch, message, written(texts), taskId, author, false, null);
  }

  private static Map<String, FileChange> written(Map<String, String> texts) {
    return texts.entrySet().stream().collect(toMap(Entry::getKey, e -> new Write(e.getValue())));
  }

  /** Whether it takes a file away. */
  boolean deletes(String path) {
    return files.get(path) instanceof Delete;
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
