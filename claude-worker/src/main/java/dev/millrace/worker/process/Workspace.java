package dev.millrace.worker.process;

import dev.millrace.worker.agent.RunId;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one run: {@code repository} is where the command works, {@code further} has what
 * else it may read, {@code tmp} its temporary files, {@code owner} says which process made it.
 * Closing it deletes everything in it.
 */
final class Workspace implements AutoCloseable {

  static final String OWNER = "owner";

  private static final Logger log = LoggerFactory.getLogger(Workspace.class);

  private final Path folder;

  private Workspace(Path folder) {
    this.folder = folder;
  }

  /** Makes the workspace of a run; what an earlier delivery of the run left is deleted. */
  static Workspace of(Path workspaces, RunId run) throws IOException {
    Workspace workspace = new Workspace(workspaces.resolve(run.value().replaceAll("[^\\w-]", "_")));
    workspace.close();
    Files.createDirectories(workspace.tmp());
    Files.createDirectories(workspace.repository());
    Files.writeString(workspace.folder.resolve(OWNER), Processes.identityOfThisProcess());
    return workspace;
  }

  /** A workspace that another process left. */
  static Workspace leftAt(Path folder) {
    return new Workspace(folder);
  }

  Path folder() {
    return folder;
  }

  Path repository() {
    return folder.resolve("repository");
  }

  /** Clones of further repositories, each as {@code owner/name}. */
  Path further() {
    return folder.resolve("further");
  }

  Path tmp() {
    return folder.resolve("tmp");
  }

  /** Bytes that its files take, as far as they can be seen. */
  long size() throws IOException {
    AtomicLong bytes = new AtomicLong();
    Files.walkFileTree(
        folder,
        new Forgiving() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes.addAndGet(attributes.size());
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes.get();
  }

  @Override
  public void close() {
    try {
      Files.walkFileTree(
          folder,
          new Forgiving() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              if (!dir.toFile().canWrite() && !dir.toFile().setWritable(true)) {
                log.atDebug().addKeyValue("folder", dir).log("a folder stays read-only");
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException failure)
                throws IOException {
              Files.deleteIfExists(dir);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("workspace", folder)
          .addKeyValue("reason", e.getMessage())
          .log("a workspace could not be deleted; it is tried again at the next start");
    }
  }

  /** Files may go while they are looked at. */
  private static class Forgiving extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
