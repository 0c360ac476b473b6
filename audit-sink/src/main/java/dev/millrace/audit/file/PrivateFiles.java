package dev.millrace.audit.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes folders (mode 700) and files (mode 600) that only their owner can read: they hold the
 * records of every topic. Where the file system knows no such modes, it decides. What is there
 * already keeps its mode: somebody may have opened it on purpose.
 */
public final class PrivateFiles {

  private static final FileAttribute<?>[] DEFAULTS = {};

  private PrivateFiles() {}

  /** Makes a folder and those above it, where they are missing. */
  public static void createFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, mode(folder, "rwx------"));
    }
  }

  /** Opens a file, with options that may make it. */
  public static FileChannel open(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, Set.of(options), mode(file, "rw-------"));
  }

  private static FileAttribute<?>[] mode(Path path, String permissions) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : DEFAULTS;
  }
}
