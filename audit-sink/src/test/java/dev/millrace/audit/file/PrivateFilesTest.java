package dev.millrace.audit.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {

  @TempDir private Path folder;

  @BeforeEach
  void onAFileSystemWithModes() {
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
  }

  @Test
  void foldersAndFilesAreTheirOwnersOnly() throws IOException {
    Path inner = folder.resolve("outer").resolve("inner");
    Path file = inner.resolve("records.jsonl");

    PrivateFiles.createFolder(inner);
    PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();

    assertThat(mode(folder.resolve("outer"))).isEqualTo("rwx------");
    assertThat(mode(inner)).isEqualTo("rwx------");
    assertThat(mode(file)).isEqualTo("rw-------");
  }

  @Test
  void aFolderThatIsThereKeepsItsMode() throws IOException {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-x---"));

    PrivateFiles.createFolder(shared);

    assertThat(mode(shared)).isEqualTo("rwxr-x---");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
