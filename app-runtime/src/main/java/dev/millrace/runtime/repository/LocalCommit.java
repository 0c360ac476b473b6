package dev.millrace.runtime.repository;

import dev.millrace.runtime.repository.RepositoryException.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheCheckout;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.errors.CheckoutConflictException;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
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
  private final String ref;
  private final CommitRequest request;

  LocalCommit(Repository git, String name, String branch, CommitRequest request) {
    this.git = git;
    this.name = name;
    this.branch = branch;
    this.ref = Constants.R_HEADS + branch;
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
      RevCommit head = head(walk);
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
      if (isCheckedOut()) {
        checkOut(head, tree);
      }
      return moveBranch(walk, head, commit) ? Optional.of(result(commit, false)) : Optional.empty();
    }
  }

  /** Head of the branch; null for the first commit of an empty repository. */
  private @Nullable RevCommit head(RevWalk walk) throws IOException {
    Ref found = Repository.isValidRefName(ref) ? git.exactRef(ref) : null;
    if (found != null) {
      return walk.parseCommit(found.getObjectId());
    }
    if (ref.equals(git.getFullBranch()) && git.getRefDatabase().getRefs().isEmpty()) {
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
    for (Map.Entry<String, String> file : request.files().entrySet()) {
      FileMode mode = RepositoryPath.modeFor(file.getKey(), path -> modeOf(head, path));
      ObjectId blob =
          inserter.insert(Constants.OBJ_BLOB, file.getValue().getBytes(StandardCharsets.UTF_8));
      editor.add(
          new DirCacheEditor.PathEdit(file.getKey()) {
            @Override
            public void apply(DirCacheEntry entry) {
              entry.setFileMode(mode);
              entry.setObjectId(blob);
            }
          });
    }
    editor.finish();
    return index.writeTree(inserter);
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

  private boolean isCheckedOut() throws IOException {
    return !git.isBare() && ref.equals(git.getFullBranch());
  }

  private void checkOut(@Nullable RevCommit head, ObjectId tree) throws IOException {
    request.files().keySet().forEach(this::refuseLinks);
    try {
      DirCacheCheckout checkout =
          new DirCacheCheckout(git, head == null ? null : head.getTree(), git.lockDirCache(), tree);
      checkout.setFailOnConflict(true);
      checkout.checkout();
    } catch (CheckoutConflictException e) {
      throw new RepositoryException(
          Reason.CONFLICT,
          "branch '%s' of %s is checked out at %s with changes of its own in these files: %s"
              .formatted(
                  branch, name, git.getWorkTree(), String.join(", ", request.files().keySet())),
          e);
    } catch (LockFailedException e) {
      throw new RepositoryException(
          Reason.CONFLICT,
          "another git process is at work in %s; if there is none, remove its index.lock"
              .formatted(git.getWorkTree()),
          e);
    }
  }

  /** A folder of the work tree that is a link would let a file be written outside of it. */
  private void refuseLinks(String file) {
    Path root = git.getWorkTree().toPath();
    Path parent = root.resolve(file.replace('/', File.separatorChar)).getParent();
    for (; parent != null && !parent.equals(root); parent = parent.getParent()) {
      if (Files.isSymbolicLink(parent)) {
        throw RepositoryPath.invalid(file, "'" + root.relativize(parent) + "' is a link");
      }
    }
  }

  private boolean moveBranch(RevWalk walk, @Nullable RevCommit head, ObjectId commit)
      throws IOException {
    RefUpdate update = git.updateRef(ref);
    update.setExpectedOldObjectId(head == null ? ObjectId.zeroId() : head);
    update.setNewObjectId(commit);
    update.setRefLogIdent(author());
    update.setRefLogMessage("commit: task " + request.taskId(), false);
    RefUpdate.Result result = update.update(walk);
    return switch (result) {
      case NEW, FAST_FORWARD -> true;
      case LOCK_FAILURE, REJECTED -> false;
      case NOT_ATTEMPTED,
          NO_CHANGE,
          FORCED,
          REJECTED_CURRENT_BRANCH,
          IO_FAILURE,
          RENAMED,
          REJECTED_MISSING_OBJECT,
          REJECTED_OTHER_REASON ->
          throw new RepositoryException(
              Reason.UNAVAILABLE,
              "git could not move branch '%s' of %s: %s".formatted(branch, name, result));
    };
  }

  private CommitResult result(ObjectId commit, boolean alreadyThere) {
    return new CommitResult(
        commit.name(), null, branch, List.copyOf(request.files().keySet()), alreadyThere);
  }
}
