package dev.millrace.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.repositories.FileChange.Mode;
import dev.millrace.repositories.FileChange.Write;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangedFilesTest {

  @TempDir private Path tree;

  private final List<String> notes = new ArrayList<>();

  @Test
  void aFileThatIsNoLongerExecutableIsChanged() throws IOException {
    // given
    Path script = Files.writeString(tree.resolve("run.sh"), "true\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    ChangedFiles changes = ChangedFiles.since(tree);

    // when
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));

    // then
    assertThat(changes.collect(notes::add))
        .containsExactly(new ResultFile("run.sh", new Write("true\n", Mode.REGULAR)));
  }

  @Test
  void linksThatAreAsTheyWereAreNotToldOf() throws IOException {
    // given
    Files.createSymbolicLink(tree.resolve("same"), Path.of("a"));
    Files.createSymbolicLink(tree.resolve("gone"), Path.of("b"));
    Path moved = Files.createSymbolicLink(tree.resolve("moved"), Path.of("c"));
    ChangedFiles changes = ChangedFiles.since(tree);

    // when
    Files.delete(tree.resolve("gone"));
    Files.delete(moved);
    Files.createSymbolicLink(moved, Path.of("d"));

    // then
    assertThat(changes.collect(notes::add)).isEmpty();
    assertThat(notes)
        .containsExactlyInAnyOrder(
            "was a link, which is not committed: gone",
            "is or was a link, which is not committed: moved");
  }
}
