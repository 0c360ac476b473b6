package dev.millrace.standalone.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's user a child process runs as: whoever runs Millrace, or, because
 * PostgreSQL refuses to run as root, the {@code postgres} user when that is root.
 */
sealed interface SystemUser {
  /** What to put before a command so that it runs as this user. */
  List<String> prefix();

  /** Makes a file or folder, with everything in it, this user's. */
  void own(Path path) throws IOException;

  /** Whether this user can enter a folder; every parent on the way has to let it through. */
  boolean canEnter(Path folder) throws IOException;

  static SystemUser self() {
    return new Self();
  }

  /**
   * The user for PostgreSQL.
   *
   * @throws StackException when this is root and there is no {@code postgres} user
   */
  static SystemUser forPostgres() throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return self();
    }
    try {
      var lookup = Path.of("/").getFileSystem().getUserPrincipalLookupService();
      return new Other("postgres", lookup.lookupPrincipalByName("postgres"));
    } catch (UserPrincipalNotFoundException e) {
      throw new StackException(
          "PostgreSQL does not run as root and there is no user named postgres; "
              + "create it, or run Millrace as another user",
          e);
    }
  }

  /** Whoever runs this JVM. */
  record Self() implements SystemUser {
    @Override
    public List<String> prefix() {
      return List.of();
    }

    @Override
    public void own(Path path) {
      // What this user made is this user's.
    }

    @Override
    public boolean canEnter(Path folder) {
      return Files.isExecutable(folder);
    }
  }

  /** A user that root can become. */
  record Other(String name, UserPrincipal principal) implements SystemUser {
    @Override
    public List<String> prefix() {
      return List.of("setpriv", "--reuid=" + name, "--regid=" + name, "--init-groups", "--");
    }

    @Override
    public void own(Path path) throws IOException {
      Files.walkFileTree(path, new Chown(principal));
    }

    @Override
    public boolean canEnter(Path folder) throws IOException {
      return Commands.run(this, Path.of("/"), List.of("test", "-x", folder.toString())).ok();
    }
  }

  /** Gives a tree to a user; links are given themselves, never what they point to. */
  final class Chown extends SimpleFileVisitor<Path> {
    private final UserPrincipal owner;

    Chown(UserPrincipal owner) {
      this.owner = owner;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!attributes.isSymbolicLink()) {
        Files.setOwner(file, owner);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.setOwner(folder, owner);
      return super.postVisitDirectory(folder, failure);
    }
  }
}
