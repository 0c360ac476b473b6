package dev.millrace.repositories;

import dev.millrace.repositories.RepositoryException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.merge.MergeStrategy;
import org.eclipse.jgit.merge.Merger;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/** Merges one branch of a local repository into another, in the object store. */
final class LocalMerge {

  private static final int ATTEMPTS = 5;

  private final Repository git;
  private final String name;
  private final String branch;
  private final @Nullable String commit;
  private final String into;
  private final PersonIdent author;

  /**
   * @param commit start of the hash of the commit that the branch has to be at; null if any will do
   */
  LocalMerge(
      Repository git,
      String name,
      String branch,
      @Nullable String commit,
      String into,
      CommitRequest.Author author) {
    this.git = git;
    this.name = name;
    this.branch = branch;
    this.commit = commit;
    this.into = into;
    this.author = new PersonIdent(author.name(), author.email());
  }

  /** Merges, and returns the newest commit of the branch that was merged into. */
  String make() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<String> made = attempt();
      if (made.isPresent()) {
        return made.get();
      }
    }
    throw conflict("branch '%s' was moved by others %d times".formatted(into, ATTEMPTS));
  }

  /** Empty when somebody else moved the branch meanwhile. */
  private Optional<String> attempt() throws IOException {
    try (RevWalk walk = new RevWalk(git);
        ObjectInserter inserter = git.newObjectInserter()) {
      LocalBranch target = new LocalBranch(git, name, into);
      RevCommit base = existing(target, walk, into);
      RevCommit head = existing(new LocalBranch(git, name, branch), walk, branch);
      if (walk.isMergedInto(head, base)) {
        return Optional.of(base.name());
      }
      Reviewed.require(name, "branch '" + branch + "'", commit, head.name());
      ObjectId merged = walk.isMergedInto(base, head) ? head : commit(inserter, base, head);
      inserter.flush();
      RevCommit made = walk.parseCommit(merged);
      if (target.isCheckedOut()) {
        target.checkOut(base, made.getTree(), changed(base, made));
      }
      String message = "merge: " + branch;
      return target.move(walk, base, made, author, message)
          ? Optional.of(made.name())
          : Optional.empty();
    }
  }

  private RevCommit existing(LocalBranch line, RevWalk walk, String called) throws IOException {
    RevCommit head = line.head(walk);
    if (head == null) {
      throw new RepositoryException(
          Reason.NOT_FOUND, "%s has no branch '%s': check its name".formatted(name, called));
    }
    return head;
  }

  private ObjectId commit(ObjectInserter inserter, RevCommit base, RevCommit head)
      throws IOException {
    Merger merger = MergeStrategy.RECURSIVE.newMerger(git, true);
    if (!merger.merge(base, head)) {
      throw conflict("the branches changed the same lines");
    }
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(merger.getResultTreeId());
    commit.setParentIds(base, head);
    commit.setAuthor(author);
    commit.setCommitter(author);
    commit.setMessage("Merge branch '%s' into %s\n".formatted(branch, into));
    return inserter.insert(commit);
  }

  private List<String> changed(RevCommit base, RevCommit made) throws IOException {
    try (TreeWalk walk = new TreeWalk(git)) {
      walk.addTree(base.getTree());
      walk.addTree(made.getTree());
      walk.setRecursive(true);
      walk.setFilter(TreeFilter.ANY_DIFF);
      List<String> paths = new ArrayList<>();
      while (walk.next()) {
        paths.add(walk.getPathString());
      }
      return paths;
    }
  }

  private RepositoryException conflict(String why) {
    return new RepositoryException(
        Reason.CONFLICT,
        "'%s' cannot be merged into '%s' in %s: %s".formatted(branch, into, name, why));
  }
}
