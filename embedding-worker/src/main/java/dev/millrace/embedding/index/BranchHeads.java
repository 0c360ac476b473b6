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

  /**
   * Where a branch stood after the pushes that came before the one that they follow.
   *
   * @param commit commit that the one they follow led to
   */
  Optional<String> overtaken(String repository, String branch, String commit);

  /** Notes that a branch stands elsewhere now, unless it is further already. */
  void moved(String repository, String branch, Move move);

  /**
   * A move of a branch.
   *
   * @param before commit it stood at before the push
   * @param after commit that the push led to
   * @param head where the branch stands; at another commit if the push had been overtaken
   * @param isEarly whether the push that this one follows has not come
   */
  record Move(String before, String after, Head head, boolean isEarly) {}
}
