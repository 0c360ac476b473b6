package dev.millrace.embedding.push;

import dev.millrace.embedding.index.BranchHeads;
import dev.millrace.schemas.document.DocumentChange;
import java.util.List;

/**
 * A push to a branch whose documents are indexed.
 *
 * @param move where the branch stands after it
 * @param changes documents that it changes, by path
 */
public record Push(
    String repository, String branch, BranchHeads.Move move, List<DocumentChange> changes) {

  public Push {
    changes = List.copyOf(changes);
  }
}
