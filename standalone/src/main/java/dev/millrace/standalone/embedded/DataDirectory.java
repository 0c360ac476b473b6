package dev.millrace.standalone.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.runtime.failure.FileFailures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds everything one embedded pipeline owns. While it is open, it is locked: no
 * second pipeline starts on the same data.
 *
 * <pre>
 *   lock              held while the pipeline runs; holds its process id
 *   credentials.env   the secrets, mode 600
 *   ports.properties  the ports chosen on the first start
 *   kafka/            the broker's log segments and metadata
 *   postgres/         the PostgreSQL cluster
 *   logs/             one file per component
 *   audit/            the audit sink's key, checkpoints and archives
 *   state/            the stores of the stream apps
 *   workspaces/       clones that agents work in
 *   pipeline.json     while it runs, where the other commands find it
 * </pre>
 */
public final class DataDirectory implements AutoCloseable {

  /** Where the stores of the stream apps are. */
  public static final String STATE = "state";

  private static final int MAX_PID_BYTES = 32;

  private final Path root;
  private final FileChannel lockFile;
  private final Credentials credentials;

  private DataDirectory(Path root, FileChannel lockFile, Credentials credentials) {
    this.root = root;
    this.lockFile = lockFile;
    this.credentials = credentials;
  }

  /**
   * Creates the folder when it is missing, and locks it.
   *
   * @throws StackException when a pipeline already runs on it, or it cannot be written
   */
  public static DataDirectory open(Path folder) {
    return open(folder, Map.of());
  }

  /**
   * As the other.
   *
   * @param environment secrets of the gateway that are in it are kept in place of those that were
   */
  public static DataDirectory open(Path folder, Map<String, String> environment) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      createPrivate(root);
      createPrivate(root.resolve("kafka"));
      createPrivate(root.resolve("logs"));
      // Of two stream apps that make it at the same time, Kafka Streams lets one fail.
      createPrivate(root.resolve(STATE));
      FileChannel lockFile = lock(root);
      return new DataDirectory(
          root, lockFile, Credentials.loadOrCreate(root.resolve(Credentials.FILE), environment));
    } catch (IOException e) {
      throw new StackException(
          "the data directory " + root + " cannot be used: " + FileFailures.reason(e), e);
    }
  }

  /**
   * The process that has the directory, from when it begins to start until it has stopped.
   *
   * @throws StackException when this user may not know
   */
  public static Optional<ProcessHandle> holder(Path folder) {
    Path file = folder.resolve("lock");
    try {
      Optional<ProcessHandle> process =
          ProcessHandle.of(Long.parseLong(Files.readString(file))).filter(ProcessHandle::isAlive);
      return process.isPresent() && isLocked(file) ? process : Optional.empty();
    } catch (AccessDeniedException e) {
      throw new StackException(
          "the data directory %s is another user's: %s"
              .formatted(folder.toAbsolutePath().normalize(), FileFailures.reason(e)),
          e);
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  /** A process that was killed leaves its id, which another may have by now. */
  private static boolean isLocked(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel)) {
      return lock == null;
    }
  }

  /**
   * Deletes everything in a data directory, also what PostgreSQL keeps elsewhere for it. The folder
   * itself stays: a volume may be mounted there.
   *
   * @throws StackException when a pipeline runs on it
   */
  public static void erase(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    open(folder).close();
    try {
      Path postgres = folder.resolve("postgres");
      if (Files.isSymbolicLink(postgres)) {
        Path elsewhere = postgres.resolveSibling(Files.readSymbolicLink(postgres));
        Folders.deleteContents(elsewhere);
        Files.deleteIfExists(elsewhere);
      }
      Folders.deleteContents(folder);
    } catch (IOException e) {
      throw new StackException(
          "the data directory " + folder + " cannot be erased: " + FileFailures.reason(e), e);
    }
  }

  /** Erases it, and the folder too: one that was made for a while. */
  public static void delete(Path folder) {
    erase(folder);
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new StackException(
          "the data directory " + folder + " cannot be deleted: " + FileFailures.reason(e), e);
    }
  }

  /** Events and logs are for their owner only; a folder that is there stays as it is. */
  private static void createPrivate(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static FileChannel lock(Path root) throws IOException {
    FileChannel file =
        FileChannel.open(
            root.resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    if (tryLock(file) == null) {
      String holder = readPid(file);
      file.close();
      throw new StackException(
          "Millrace is already running on %s (process %s)".formatted(root, holder));
    }
    file.truncate(0);
    var _ = file.write(UTF_8.encode(Long.toString(ProcessHandle.current().pid())), 0);
    return file;
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  private static String readPid(FileChannel file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_PID_BYTES);
    var _ = file.read(bytes, 0);
    return UTF_8.decode(bytes.flip()).toString();
  }

  public Path root() {
    return root;
  }

  public Credentials credentials() {
    return credentials;
  }

  public Path kafka() {
    return root.resolve("kafka");
  }

  public Path postgres() {
    return root.resolve("postgres");
  }

  public Path logs() {
    return root.resolve("logs");
  }

  /** The log of one component, such as {@code registry}. */
  public Path log(String component) {
    return logs().resolve(component + ".log");
  }

  /** The remembered ports, with those that are asked for in their place. */
  public Ports ports(Ports asked) {
    try {
      return Ports.loadOrChoose(root.resolve("ports.properties"), asked);
    } catch (IOException e) {
      throw new StackException(
          "the ports cannot be remembered in " + root + ": " + FileFailures.reason(e), e);
    }
  }

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      lockFile.truncate(0);
      lockFile.close();
    } catch (IOException e) {
      throw new StackException(
          "the lock of " + root + " cannot be released: " + FileFailures.reason(e), e);
    }
  }
}
