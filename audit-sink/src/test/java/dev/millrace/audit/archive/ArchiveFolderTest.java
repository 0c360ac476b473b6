package dev.millrace.audit.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.failure.FileFailures;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveFolderTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "..", "", "a/b", ".hidden"})
  void aNameWithAPathInItIsRefused(String name) {
    assertThatThrownBy(() -> new ArchiveFolder(folder).describe(name))
        .isInstanceOf(ArchiveException.class)
        .hasMessage("expected the name of an archive, such as records_20251224, found " + name);
  }

  @Test
  void archivesAreTheirOwnersOnly() throws IOException {
    Path archives = folder.resolve("archive");

    try (OutputStream rows = new ArchiveFolder(archives).createRows("records_20251224")) {
      rows.write(1);
    }

    assertThat(mode(archives)).isEqualTo("rwx------");
    assertThat(mode(archives.resolve("records_20251224.copy.gz.part"))).isEqualTo("rw-------");
  }

  @Test
  void aFileInPlaceOfTheFolderIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    ArchiveFolder archives = new ArchiveFolder(file);

    assertThatThrownBy(() -> archives.createRows("records_20251224"))
        .isInstanceOfSatisfying(
            IOException.class,
            e ->
                assertThat(FileFailures.reason(e))
                    .isEqualTo(file + " is a file, where a folder is expected"));
    assertThatCode(() -> archives.discardUnpublished("records_20251224"))
        .doesNotThrowAnyException();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
