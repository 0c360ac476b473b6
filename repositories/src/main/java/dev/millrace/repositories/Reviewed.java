package dev.millrace.repositories;

import dev.millrace.repositories.RepositoryException.Reason;
import org.jspecify.annotations.Nullable;

/** What is merged is what was reviewed: a branch may have gone on since. */
final class Reviewed {

  private Reviewed() {}

  /**
   * Refuses to merge what is at another commit.
   *
   * @param what what is to be merged, in words
   * @param commit start of the hash of the commit that was reviewed; null if none has to be
   * @param head hash of the commit that it is at
   */
  static void require(String repository, String what, @Nullable String commit, String head) {
    if (commit != null && !head.startsWith(commit)) {
      throw new RepositoryException(
          Reason.REFUSED,
          "%s of %s is at %s, and %s was reviewed: have what came since reviewed, too"
              .formatted(what, repository, head, commit));
    }
  }
}
