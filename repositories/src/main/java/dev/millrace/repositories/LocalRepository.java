package dev.millrace.repositories;

import dev.millrace.repositories.RepositoryException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.PushCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * A git repository on this machine, bare or with a work tree. It is read from its objects, never
 * from the work tree, so a link leads nowhere: it is no file.
 */
final class LocalRepository implements Repository {

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{7,40}");

  private static final int PUSH_SECONDS = 120;

  private final String name;
  private final Path path;

  /** One commit at a time from this process; others are met by the lost race of their update. */
  private final ReentrantLock committing = new ReentrantLock();

  LocalRepository(String name, Path path) {
    this.name = name;
    this.path = path;
  }

  /** What is done with an open repository. */
  @FunctionalInterface
  private interface Use<R> {
    R with(org.eclipse.jgit.lib.Repository git) throws IOException;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String defaultBranch() {
    return use(this::defaultBranch);
  }

  @Override
  public Optional<RepositoryFile> read(String file, @Nullable String ref) {
    RepositoryPath.checkReadable(file);
    return use(git -> {
      RevCommit commit = commit(git, ref);
      try (TreeWalk found = TreeWalk.forPath(git, file, commit.getTree())) {
        if (found == null || !RepositoryPath.isFile(found.getFileMode())) {
          return Optional.empty();
        }
        ObjectLoader blob = git.open(found.getObjectId(0), Constants.OBJ_BLOB);
        if (blob.getSize() > RepositoryFile.MAX_BYTES) {
          throw new RepositoryException(
              Reason.TOO_LARGE,
              "expected at most %d bytes, found %d in %s of %s"
                  .formatted(RepositoryFile.MAX_BYTES, blob.getSize(), file, name));
        }
        return Optional.of(
            new RepositoryFile(
                blob.getCachedBytes(RepositoryFile.MAX_BYTES),
                commit.name(),
                Instant.ofEpochSecond(commit.getCommitTime())));
      }
    });
  }

  @Override
  public List<String> list(@Nullable String ref, String pathPrefix) {
    return use(git ->
        files(git, commit(git, ref)).keySet().stream()
            .filter(file -> file.startsWith(pathPrefix))
            .toList());
  }

  @Override
  public List<ChangedFile> changedFiles(String fromSha, String toSha) {
    return use(git -> {
      Map<String, String> from =
          ObjectId.zeroId().name().equals(fromSha) ? Map.of() : files(git, commit(git, fromSha));
      return ChangedFile.between(from, files(git, commit(git, toSha)));
    });
  }

  @Override
  public Diff diff(String change, @Nullable String into, int maxBytes) {
    return use(git -> LocalDiff.of(git, commit(git, change), commit(git, into), maxBytes));
  }

  @Override
  public CommitResult commit(CommitRequest request) {
    committing.lock();
    try {
      return use(git -> {
        String branch = request.branch() == null ? defaultBranch(git) : request.branch();
        return new LocalCommit(git, name, branch, request).make();
      });
    } finally {
      committing.unlock();
    }
  }

  @Override
  public String merge(
      String branch, @Nullable String commit, @Nullable String into, CommitRequest.Author author) {
    committing.lock();
    try {
      return use(git -> {
        String target = into == null ? defaultBranch(git) : into;
        return new LocalMerge(git, name, branch, commit, target, author).make();
      });
    } finally {
      committing.unlock();
    }
  }

  @Override
  public String cloneTo(Path folder, @Nullable String branch) {
    String wanted = branch == null ? defaultBranch() : branch;
    use(git -> branch(git, wanted));
    return Cloning.clone(name, path.toUri().toString(), folder, wanted, null);
  }

  /**
   * Pushes a branch, not by force, and returns the hash of its newest commit.
   *
   * @throws RepositoryException with {@code conflict} if the other side has commits that are not
   *     here
   */
  String pushTo(String url, @Nullable String branch, @Nullable CredentialsProvider login) {
    return use(git -> {
      String wanted = branch == null ? defaultBranch(git) : branch;
      String sha = commit(git, wanted).name();
      RefSpec spec = new RefSpec(sha + ":" + Constants.R_HEADS + wanted);
      try (Git porcelain = Git.wrap(git)) {
        PushCommand push =
            porcelain.push().setRemote(url).setRefSpecs(spec).setTimeout(PUSH_SECONDS);
        if (login != null) {
          push.setCredentialsProvider(login);
        }
        for (PushResult result : push.call()) {
          result.getRemoteUpdates().forEach(update -> requirePushed(wanted, update));
        }
      } catch (GitAPIException e) {
        throw new RepositoryException(
            Reason.UNAVAILABLE, "%s could not be pushed: %s".formatted(name, e.getMessage()), e);
      }
      return sha;
    });
  }

  private void requirePushed(String branch, RemoteRefUpdate update) {
    switch (update.getStatus()) {
      case OK, UP_TO_DATE -> {}
      default ->
          throw new RepositoryException(
              Reason.CONFLICT,
              "branch '%s' of %s was not pushed (%s): fetch what is there first"
                  .formatted(branch, name, update.getStatus()));
    }
  }

  /** Writes down where {@code origin} is; false if it says so already. */
  boolean ensureOrigin(String url) {
    return use(git -> {
      StoredConfig config = git.getConfig();
      if (url.equals(config.getString("remote", Constants.DEFAULT_REMOTE_NAME, "url"))) {
        return false;
      }
      config.setString("remote", Constants.DEFAULT_REMOTE_NAME, "url", url);
      config.setString(
          "remote", Constants.DEFAULT_REMOTE_NAME, "fetch", "+refs/heads/*:refs/remotes/origin/*");
      config.save();
      return true;
    });
  }

  /** Hash of every regular file by its path. */
  private static Map<String, String> files(org.eclipse.jgit.lib.Repository git, RevCommit commit)
      throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (TreeWalk walk = new TreeWalk(git)) {
      walk.addTree(commit.getTree());
      walk.setRecursive(true);
      while (walk.next()) {
        if (RepositoryPath.isFile(walk.getFileMode())) {
          files.put(walk.getPathString(), walk.getObjectId(0).name());
        }
      }
    }
    return files;
  }

  private String defaultBranch(org.eclipse.jgit.lib.Repository git) throws IOException {
    Ref head = git.exactRef(Constants.HEAD);
    if (head == null || !head.isSymbolic()) {
      throw new RepositoryException(
          Reason.NOT_FOUND,
          "%s has no default branch: its HEAD names no branch; name one".formatted(name));
    }
    return org.eclipse.jgit.lib.Repository.shortenRefName(head.getTarget().getName());
  }

  private RevCommit branch(org.eclipse.jgit.lib.Repository git, String branch) throws IOException {
    try (RevWalk walk = new RevWalk(git)) {
      RevCommit head = new LocalBranch(git, name, branch).head(walk);
      if (head == null) {
        throw new RepositoryException(
            Reason.NOT_FOUND, "%s has no branch '%s': check its name".formatted(name, branch));
      }
      return head;
    }
  }

  private RevCommit commit(org.eclipse.jgit.lib.Repository git, @Nullable String ref)
      throws IOException {
    String wanted = ref == null ? defaultBranch(git) : ref;
    ObjectId id = resolve(git, wanted);
    if (id != null) {
      try (RevWalk walk = new RevWalk(git)) {
        return walk.parseCommit(id);
      } catch (MissingObjectException | IncorrectObjectTypeException e) {
        throw noSuchRef(wanted);
      }
    }
    throw noSuchRef(wanted);
  }

  /** Takes names and hashes only: revision expressions are more than others should be asked. */
  private static @Nullable ObjectId resolve(org.eclipse.jgit.lib.Repository git, String ref)
      throws IOException {
    if (!org.eclipse.jgit.lib.Repository.isValidRefName(Constants.R_HEADS + ref)) {
      return null;
    }
    for (String full : List.of(Constants.R_HEADS + ref, Constants.R_TAGS + ref, ref)) {
      Ref found = full.startsWith(Constants.R_REFS) ? git.exactRef(full) : null;
      if (found != null && found.getObjectId() != null) {
        return found.getObjectId();
      }
    }
    return HASH.matcher(ref).matches() ? git.resolve(ref) : null;
  }

  private RepositoryException noSuchRef(String ref) {
    return new RepositoryException(
        Reason.NOT_FOUND,
        "%s has no branch, tag or commit '%s': check its name".formatted(name, ref));
  }

  private <R> R use(Use<R> use) {
    try (org.eclipse.jgit.lib.Repository git = open()) {
      return use.with(git);
    } catch (IOException e) {
      throw new RepositoryException(
          Reason.UNAVAILABLE,
          "the repository of %s at %s could not be used: %s".formatted(name, path, e.getMessage()),
          e);
    }
  }

  private org.eclipse.jgit.lib.Repository open() throws IOException {
    FileRepositoryBuilder builder = new FileRepositoryBuilder();
    builder.setMustExist(true);
    if (Files.exists(path.resolve(Constants.DOT_GIT))) {
      builder.setWorkTree(path.toFile());
    } else {
      builder.setGitDir(path.toFile());
    }
    try {
      return builder.build();
    } catch (org.eclipse.jgit.errors.RepositoryNotFoundException e) {
      throw new RepositoryException(
          Reason.NOT_FOUND,
          "LOCAL_REPOSITORIES puts %s at %s, but no git repository is there".formatted(name, path),
          e);
    }
  }
}
