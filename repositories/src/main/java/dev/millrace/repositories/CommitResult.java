package dev.millrace.repositories;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commit that was made, now or before.
 *
 * @param sha its hash
 * @param url page that shows it, if there is one
 * @param branch branch it is on
 * @param paths files that were asked for
 * @param alreadyThere whether an earlier commit had done it: that of the same task, or one that
 *     left the files as asked for
 */
public record CommitResult(
    String sha, @Nullable String url, String branch, List<String> paths, boolean alreadyThere) {

  public CommitResult {
    paths = List.copyOf(paths);
  }
}
