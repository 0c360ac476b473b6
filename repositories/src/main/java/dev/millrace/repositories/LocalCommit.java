package dev.millrace.repositories;

import dev.millrace.repositories.FileChange.Delete;
import dev.millrace.repositories.FileChange.Write;
import dev.millrace.repositories.RepositoryException.Reason;
import dev.millrace.runtime.queue.TaskTrailer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEditor.PathEdit;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * One commit to a branch of a local repository, made in the object store: from the tree of the
 * branch, in memory, and put on the branch only if nobody else moved it meanwhile.
 *
 * <p>When the branch is checked out, the work tree follows, as {@code git pull} would have it
 * follow: files with changes of their own are never overwritten; the commit is refused then.
 */
final class LocalCommit {

  private static final int ATTEMPTS = 5;

  private final Repository git;
  private final String name;
  private final String branch;
  private final LocalBranch line;
  private final CommitRequest request;

  LocalCommit(Repository git, String name, String branch, CommitRequest request) {
    this.git = git;
    this.name = name;
    this.branch = branch;
    this.line = new LocalBranch(git, name, branch);
    this.request = request;
  }

  CommitResult make() throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<CommitResult> made = attempt();
      if (made.isPresent()) {
        return made.get();
      }
    }
    throw new RepositoryException(
        Reason.CONFLICT,
        "branch '%s' of %s was moved by others %d times; try again"
            .formatted(branch, name, ATTEMPTS));
  }

  /** Empty when somebody else moved the branch meanwhile. */
  private Optional<CommitResult> attempt() throws IOException {
    try (RevWalk walk = new RevWalk(git);
        ObjectInserter inserter = git.newObjectInserter()) {
      RevCommit before = line.head(walk);
      RevCommit head = before == null ? start(walk) : before;
      Optional<RevCommit> earlier = earlier(walk, head);
      if (earlier.isPresent()) {
        return Optional.of(result(earlier.get(), true));
      }
      ObjectId tree = writeTree(inserter, head);
      if (head != null && tree.equals(head.getTree())) {
        return Optional.of(result(head, true));
      }
      ObjectId commit = writeCommit(inserter, head, tree);
      inserter.flush();
      if (line.isCheckedOut()) {
        line.checkOut(head, tree, request.files().keySet());
      }
      return line.move(walk, before, commit, author(), "commit: task " + request.taskId())
          ? Optional.of(result(commit, false))
          : Optional.empty();
    }
  }

  /**
   * Where a branch that does not exist starts; null for the first commit of an empty repository.
   */
  private @Nullable RevCommit start(RevWalk walk) throws IOException {
    if (request.from() != null && line.hasValidName()) {
      RevCommit from = new LocalBranch(git, name, request.from()).head(walk);
      if (from != null) {
        return from;
      }
    }
    if (line.isUnborn()) {
      return null;
    }
    throw new RepositoryException(
        Reason.NOT_FOUND,
        "%s has no branch '%s': check its name, or create it first".formatted(name, branch));
  }

  private Optional<RevCommit> earlier(RevWalk walk, @Nullable RevCommit head) throws IOException {
    if (head == null) {
      return Optional.empty();
    }
    walk.markStart(head);
    for (int i = 0; i < TaskTrailer.HISTORY; i++) {
      RevCommit commit = walk.next();
      if (commit == null) {
        break;
      }
      if (TaskTrailer.isIn(commit.getFullMessage(), request.taskId())) {
        return Optional.of(commit);
      }
    }
    return Optional.empty();
  }

  private ObjectId writeTree(ObjectInserter inserter, @Nullable RevCommit head) throws IOException {
    DirCache index = DirCache.newInCore();
    if (head != null) {
      DirCacheBuilder existing = index.builder();
      existing.addTree(new byte[0], DirCacheEntry.STAGE_0, git.newObjectReader(), head.getTree());
      existing.finish();
    }
    DirCacheEditor editor = index.editor();
    for (Map.Entry<String, FileChange> file : request.files().entrySet()) {
      String path = file.getKey();
      editor.add(
          switch (file.getValue()) {
            case Write write -> edit(inserter, path, write, head);
            case Delete _ -> {
              RepositoryPath.existing(path, other -> modeOf(head, other));
              yield new DirCacheEditor.DeletePath(path);
            }
          });
    }
    editor.finish();
    return index.writeTree(inserter);
  }

  private PathEdit edit(ObjectInserter inserter, String path, Write write, @Nullable RevCommit head)
      throws IOException {
    FileMode mode =
        RepositoryPath.modeFor(
            path, write, other -> request.deletes(other) ? null : modeOf(head, other));
    ObjectId blob =
        inserter.insert(Constants.OBJ_BLOB, write.text().getBytes(StandardCharsets.UTF_8));
    return new PathEdit(path) {
      @Override
      public void apply(DirCacheEntry entry) {
        entry.setFileMode(mode);
        entry.setObjectId(blob);
      }
    };
  }

  private @Nullable FileMode modeOf(@Nullable RevCommit head, String path) {
    if (head == null) {
      return null;
    }
    try (TreeWalk found = TreeWalk.forPath(git, path, head.getTree())) {
      return found == null ? null : found.getFileMode();
    } catch (IOException e) {
      throw new RepositoryException(
          Reason.UNAVAILABLE, "could not read a tree of " + name + ": " + e.getMessage(), e);
    }
  }

  private ObjectId writeCommit(ObjectInserter inserter, @Nullable RevCommit head, ObjectId tree)
      throws IOException {
    PersonIdent author = author();
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(tree);
    if (head != null) {
      commit.setParentId(head);
    }
    commit.setAuthor(author);
    commit.setCommitter(author);
    commit.setMessage(TaskTrailer.append(request.message(), request.taskId()));
    return inserter.insert(commit);
  }

  private PersonIdent author() {
    return new PersonIdent(request.author().name(), request.author().email());
  }

  private CommitResult result(ObjectId commit, boolean alreadyThere) {
    return new CommitResult(
        commit.name(), null, branch, List.copyOf(request.files().keySet()), alreadyThere);
  }
}
