package dev.millrace.repositories;

import dev.millrace.runtime.queue.TaskTrailer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A git repository. Every call may block and throws a {@link RepositoryException} that says what to
 * check; implementations may be used by several threads at once.
 *
 * <p>A {@code ref} is a branch, a tag or a commit's hash; null is the default branch. Paths are
 * relative to the root, with slashes.
 */
public interface Repository {

  /** Its name, {@code owner/name}. */
  String name();

  /** The branch that is worked on when none is named. */
  String defaultBranch();

  /**
   * Reads a file; empty when the ref has no regular file at this path.
   *
   * @throws RepositoryException with {@code invalid_path} if the path leaves the repository, {@code
   *     not_found} if the repository or the ref is missing, {@code too_large} if the file is larger
   *     than {@link RepositoryFile#MAX_BYTES}
   */
  Optional<RepositoryFile> read(String path, @Nullable String ref);

  /**
   * Paths of all regular files that start with a prefix, in alphabetical order.
   *
   * @param pathPrefix for example {@code docs/}; empty for all
   */
  List<String> list(@Nullable String ref, String pathPrefix);

  /**
   * Files that differ between two commits, in alphabetical order. A renamed file is a removed and
   * an added one.
   *
   * @param fromSha the older commit; forty zeros, as in the push of a new branch, stand for nothing
   */
  List<ChangedFile> changedFiles(String fromSha, String toSha);

  /**
   * What a change does to the branch that it is to go into, from where it left it.
   *
   * @param change branch, tag or commit
   * @param into null is the default branch
   * @param maxBytes length at which the diff is cut
   */
  Diff diff(String change, @Nullable String into, int maxBytes);

  /**
   * Commits files to a branch; one that does not exist is made if the request says from where.
   * Asking twice for the same task commits once: each commit carries the trailer {@code
   * Millrace-Task}, and the newest {@value TaskTrailer#HISTORY} commits of the branch are searched
   * for it first. When the files are there already, word for word, nothing is committed either.
   *
   * @throws RepositoryException with {@code conflict} if others kept writing to the branch, or if
   *     it is checked out and the work tree has changes of its own in these files
   */
  CommitResult commit(CommitRequest request);

  /**
   * Merges a branch into another. One that is merged already stays as it is.
   *
   * @param commit start of the hash of the commit that the branch has to be at, the one that was
   *     reviewed; null if any will do
   * @param into branch that is moved on; null is the default branch
   * @return hash of the newest commit of that branch
   * @throws RepositoryException with {@code refused} if the branch is at another commit, {@code
   *     conflict} if both changed the same lines
   */
  String merge(
      String branch, @Nullable String commit, @Nullable String into, CommitRequest.Author author);

  /**
   * Clones it, with the newest commit of one branch, into a folder that does not exist or is empty.
   * The clone carries no credentials.
   *
   * @param branch branch to check out; null is the default branch
   * @return hash of the commit that is checked out
   */
  String cloneTo(Path folder, @Nullable String branch);
}
