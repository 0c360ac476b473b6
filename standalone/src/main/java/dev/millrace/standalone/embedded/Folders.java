package dev.millrace.standalone.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Clearing away whole folders; links in them are removed, never followed. */
public final class Folders {
  private Folders() {}

  /**
   * Deletes everything in a folder and keeps the folder, also one that a link leads to; nothing
   * happens when there is none.
   */
  public static void deleteContents(Path place) throws IOException {
    if (!Files.isDirectory(place)) {
      return;
    }
    Path folder = place.toRealPath();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (!visited.equals(folder)) {
              Files.delete(visited);
            }
            return super.postVisitDirectory(visited, failure);
          }
        });
  }
}
