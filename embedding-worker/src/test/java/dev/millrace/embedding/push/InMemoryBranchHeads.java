package dev.millrace.embedding.push;

import dev.millrace.embedding.index.BranchHeads;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Branches without a Postgres. */
final class InMemoryBranchHeads implements BranchHeads {

  private final Map<String, Head> heads = new HashMap<>();

  @Override
  public Optional<Head> find(String repository, String branch) {
    return Optional.ofNullable(heads.get(repository + " " + branch));
  }

  @Override
  public void moved(String repository, String branch, Head head) {
    heads.merge(
        repository + " " + branch,
        head,
        (there, next) -> there.changedAt().isBefore(next.changedAt()) ? next : there);
  }
}
