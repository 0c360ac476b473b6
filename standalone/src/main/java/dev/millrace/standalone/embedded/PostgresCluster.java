package dev.millrace.standalone.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * The folder of a PostgreSQL cluster, and what is needed to make one.
 *
 * <p>The cluster is in the data directory. When PostgreSQL's user cannot enter that (root's home is
 * closed to everybody else), the data directory holds a link to a folder under {@code
 * /var/lib/postgresql} instead.
 */
final class PostgresCluster {
  /** Present once the cluster has its roles and databases; without it, a start begins anew. */
  private static final String COMPLETE = "millrace-complete";

  private static final String VERSION_FILE = "PG_VERSION";
  private static final Path OUTSIDE = Path.of("/var/lib/postgresql");

  private final Path folder;
  private final PostgresBinaries binaries;
  private final SystemUser user;

  private PostgresCluster(Path folder, PostgresBinaries binaries, SystemUser user) {
    this.folder = folder;
    this.binaries = binaries;
    this.user = user;
  }

  /** The cluster at a place, initialised when it is not there yet; its roles may be missing. */
  static PostgresCluster openOrCreate(Path place, PostgresBinaries binaries, SystemUser user)
      throws IOException {
    Path folder = locate(place, user);
    var cluster = new PostgresCluster(folder, binaries, user);
    if (!cluster.isComplete()) {
      cluster.initialise();
    }
    cluster.requireSameMajorVersion();
    return cluster;
  }

  Path folder() {
    return folder;
  }

  boolean isComplete() {
    return Files.exists(folder.resolve(COMPLETE));
  }

  void markComplete() throws IOException {
    Path marker = Files.createFile(folder.resolve(COMPLETE));
    user.own(marker);
  }

  /** The major version that wrote the cluster at a place, if there is one. */
  static OptionalInt majorVersion(Path place) throws IOException {
    Path file = place.resolve(VERSION_FILE);
    return Files.exists(file)
        ? OptionalInt.of(Integer.parseInt(Files.readString(file).strip()))
        : OptionalInt.empty();
  }

  private static Path locate(Path place, SystemUser user) throws IOException {
    if (Files.isSymbolicLink(place)) {
      Path target = place.resolveSibling(Files.readSymbolicLink(place));
      if (!Files.exists(target)) {
        throw new StackException(
            "%s leads to %s, where the database was and is no more: put that folder back, or use"
                    .formatted(place, target)
                + " another data directory");
      }
      return target;
    }
    Path parent = Optional.ofNullable(place.getParent()).orElse(place);
    if (Files.exists(place) || letIn(user, parent)) {
      return place;
    }
    Path outside = OUTSIDE.resolve("millrace-" + UUID.randomUUID());
    Files.createDirectories(outside);
    Files.createSymbolicLink(place, outside);
    return outside;
  }

  /** Opens the data directory itself for passing through; its parents are not ours to change. */
  private static boolean letIn(SystemUser user, Path folder) throws IOException {
    if (user.canEnter(folder)) {
      return true;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
    permissions.add(PosixFilePermission.OTHERS_EXECUTE);
    Files.setPosixFilePermissions(folder, permissions);
    return user.canEnter(folder);
  }

  /** Makes the cluster. What an interrupted first start left behind is cleared away. */
  private void initialise() throws IOException {
    Folders.deleteContents(folder);
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    user.own(folder);
    // "peer": over the socket, only the system user that owns the cluster is its superuser, who
    // therefore needs no password.
    Commands.Result result =
        Commands.run(
            user,
            folder,
            List.of(
                binaries.program("initdb"),
                "--pgdata=" + folder,
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--auth-local=peer",
                "--auth-host=scram-sha-256"));
    if (!result.ok()) {
      throw new StackException("initdb could not make a cluster in " + folder + ": " + result);
    }
  }

  private void requireSameMajorVersion() throws IOException {
    int madeBy = majorVersion(folder).orElseThrow();
    if (madeBy != binaries.major()) {
      throw new StackException(
          "the data in %s were written by PostgreSQL %d, which is not installed, and not by %d; %s"
              .formatted(
                  folder,
                  madeBy,
                  binaries.major(),
                  "install version " + madeBy + " again, or use another data directory"));
    }
  }
}
