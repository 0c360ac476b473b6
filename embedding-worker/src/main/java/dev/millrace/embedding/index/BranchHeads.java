package dev.millrace.embedding.index;

import java.time.Instant;
import java.util.Optional;

/**
 * Which push each branch stands at. It tells that a push follows another, which the times of their
 * commits do not: each is of the clock of whoever made it, and may be from long before the push.
 * Every method throws {@link UnavailableException} when it cannot be reached.
 */
public interface BranchHeads {

  /**
   * Where a branch stands.
   *
   * @param commit commit that the newest push led to
   * @param changedAt when that push gave its files their content, in the order of the pushes
   * @param receivedAt when that push was received
   */
  record Head(String commit, Instant changedAt, Instant receivedAt) {}

  /** Where a branch stands, if a push to it was seen. */
  Optional<Head> find(String repository, String branch);

  /** Notes that a branch stands elsewhere now, unless it is further already. */
  void moved(String repository, String branch, Head head);
}
