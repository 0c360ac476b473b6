package dev.millrace.repositories;

import dev.millrace.repositories.RepositoryException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.api.CloneCommand;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.InvalidRemoteException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.jspecify.annotations.Nullable;

/** Clones one branch of a repository over git's own protocols. */
final class Cloning {

  private static final int TIMEOUT_SECONDS = 120;

  private Cloning() {}

  /**
   * Clones a branch, without its history, and returns the hash of its newest commit. Whoever calls
   * has found the branch: what goes wrong on the way is an outage.
   */
  static String clone(
      String name, String url, Path folder, String branch, @Nullable CredentialsProvider login) {
    CloneCommand command =
        Git.cloneRepository()
            .setURI(url)
            .setDirectory(folder.toFile())
            .setBranch(branch)
            .setBranchesToClone(List.of(Constants.R_HEADS + branch))
            .setDepth(1)
            .setTimeout(TIMEOUT_SECONDS);
    if (login != null) {
      command.setCredentialsProvider(login);
    }
    try (Git git = command.call()) {
      ObjectId head = git.getRepository().resolve(Constants.HEAD);
      if (head == null) {
        throw new RepositoryException(
            Reason.NOT_FOUND, "%s has no branch '%s': check its name".formatted(name, branch));
      }
      return head.name();
    } catch (InvalidRemoteException e) {
      throw new RepositoryException(
          Reason.NOT_FOUND,
          "%s could not be cloned, branch '%s': %s".formatted(name, branch, e.getMessage()),
          e);
    } catch (GitAPIException | IOException e) {
      throw new RepositoryException(
          Reason.UNAVAILABLE, "%s could not be cloned: %s".formatted(name, e.getMessage()), e);
    }
  }
}
