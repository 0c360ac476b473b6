package dev.millrace.worker.process;

import dev.millrace.runtime.app.Component;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At the start, ends what a worker that died left running, and deletes the workspaces it left. The
 * workspaces of workers that live are left alone.
 */
public final class OrphanCleaner implements Component {

  private static final Logger log = LoggerFactory.getLogger(OrphanCleaner.class);

  private final Path workspaces;

  public OrphanCleaner(ProcessConfig config) {
    this.workspaces = config.workspaces();
  }

  @Override
  public void start() {
    if (!Files.isDirectory(workspaces)) {
      return;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(workspaces, Files::isDirectory)) {
      for (Path folder : all) {
        if (isOrphan(folder)) {
          clean(folder);
        }
      }
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("folder", workspaces)
          .addKeyValue("reason", e.getMessage())
          .log("could not look for orphans");
    }
  }

  /** Only what a worker made, and no worker that lives. */
  private static boolean isOrphan(Path folder) throws IOException {
    Path owner = folder.resolve(Workspace.OWNER);
    return Files.isRegularFile(owner) && !Processes.isAlive(Files.readString(owner));
  }

  private static void clean(Path folder) {
    List<ProcessHandle> left = Processes.of(folder);
    left.forEach(ProcessHandle::destroyForcibly);
    Workspace.leftAt(folder).close();
    log.atInfo()
        .addKeyValue("workspace", folder)
        .addKeyValue("processes", left.size())
        .log("cleaned up after a worker that died");
  }

  @Override
  public void stop() {
    // runs end with their slots, and clean up after themselves
  }
}
