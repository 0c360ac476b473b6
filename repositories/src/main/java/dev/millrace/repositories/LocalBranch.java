package dev.millrace.repositories;

import dev.millrace.repositories.RepositoryException.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.eclipse.jgit.dircache.DirCacheCheckout;
import org.eclipse.jgit.errors.CheckoutConflictException;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/**
 * A branch of a local repository that is moved to another commit: only if nobody else moved it
 * meanwhile, and, when it is checked out, with the work tree following as {@code git pull} would
 * have it follow: files with changes of their own are never overwritten.
 */
final class LocalBranch {

  private final Repository git;
  private final String name;
  private final String branch;
  private final String ref;

  /**
   * @param name name of the repository
   */
  LocalBranch(Repository git, String name, String branch) {
    this.git = git;
    this.name = name;
    this.branch = branch;
    this.ref = Constants.R_HEADS + branch;
  }

  boolean hasValidName() {
    return Repository.isValidRefName(ref);
  }

  /** Its newest commit; null if there is no such branch. */
  @Nullable RevCommit head(RevWalk walk) throws IOException {
    Ref found = hasValidName() ? git.exactRef(ref) : null;
    return found == null ? null : walk.parseCommit(found.getObjectId());
  }

  /** Whether it is the branch that the first commit of an empty repository begins. */
  boolean isUnborn() throws IOException {
    return ref.equals(git.getFullBranch()) && git.getRefDatabase().getRefs().isEmpty();
  }

  boolean isCheckedOut() throws IOException {
    return !git.isBare() && ref.equals(git.getFullBranch());
  }

  /**
   * Makes the work tree follow.
   *
   * @param files files that change
   */
  void checkOut(@Nullable RevCommit head, ObjectId tree, Collection<String> files)
      throws IOException {
    files.forEach(this::refuseLinks);
    try {
      DirCacheCheckout checkout =
          new DirCacheCheckout(git, head == null ? null : head.getTree(), git.lockDirCache(), tree);
      checkout.setFailOnConflict(true);
      checkout.checkout();
    } catch (CheckoutConflictException e) {
      throw new RepositoryException(
          Reason.CONFLICT,
          "branch '%s' of %s is checked out at %s with changes of its own in these files: %s"
              .formatted(branch, name, git.getWorkTree(), String.join(", ", files)),
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

  /**
   * Moves it on.
   *
   * @param from where it has to be now; null if it must not exist
   * @return false if it is elsewhere
   */
  boolean move(
      RevWalk walk, @Nullable RevCommit from, ObjectId to, PersonIdent author, String message)
      throws IOException {
    RefUpdate update = git.updateRef(ref);
    update.setExpectedOldObjectId(from == null ? ObjectId.zeroId() : from);
    update.setNewObjectId(to);
    update.setRefLogIdent(author);
    update.setRefLogMessage(message, false);
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
}
