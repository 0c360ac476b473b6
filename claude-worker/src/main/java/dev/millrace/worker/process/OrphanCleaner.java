package dev.millrace.worker.process;

import dev.millrace.runtime.app.Component;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * At the start, ends what a worker that died left running, containers among it, and deletes the
 * workspaces it left. What belongs to workers that live is left alone.
 */
public final class OrphanCleaner implements Component {

  private static final Logger log = LoggerFactory.getLogger(OrphanCleaner.class);

  private final Path workspaces;
  private final @Nullable ContainerConfig container;

  public OrphanCleaner(ProcessConfig config) {
    this.workspaces = config.workspaces();
    this.container = config.container();
  }

  @Override
  public void start() {
    if (container != null) {
      removeContainers(new ContainerRuntime(container));
    }
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

  /** Before the workspaces: a container whose workspace is gone is known by its label alone. */
  private void removeContainers(ContainerRuntime runtime) {
    try {
      for (Path workspace : runtime.workspacesIn(workspaces)) {
        if (!Files.exists(workspace) || isOrphan(workspace)) {
          String name = ContainerRuntime.nameFor(workspace);
          runtime.remove(name);
          log.atInfo().addKeyValue("container", name).log("removed after a worker that died");
        }
      }
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log("could not look for containers of workers that died");
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
