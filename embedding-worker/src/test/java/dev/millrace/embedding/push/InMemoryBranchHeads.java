package dev.millrace.embedding.push;

import dev.millrace.embedding.index.BranchHeads;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Branches of one repository without a Postgres. */
final class InMemoryBranchHeads implements BranchHeads {

  private final Map<String, Head> heads = new HashMap<>();

  /** Where early pushes led, by what they follow. */
  private final Map<String, String> early = new HashMap<>();

  @Override
  public Optional<Head> find(String repository, String branch) {
    return Optional.ofNullable(heads.get(branch));
  }

  @Override
  public Optional<String> overtaken(String repository, String branch, String commit) {
    return Optional.ofNullable(early.get(commit));
  }

  @Override
  public void moved(String repository, String branch, Move move) {
    heads.merge(
        branch,
        move.head(),
        (there, next) -> there.changedAt().isBefore(next.changedAt()) ? next : there);
    early.remove(move.after());
    if (move.isEarly() && !early.containsValue(move.before())) {
      early.put(move.before(), move.head().commit());
    }
    early.replaceAll((_, commit) -> commit.equals(move.before()) ? move.head().commit() : commit);
  }
}
