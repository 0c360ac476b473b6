package dev.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetachedUpTest {

  @TempDir private Path folder;

  @Test
  void aLineThatIsStillBeingWrittenIsNoLine() throws IOException {
    Path log = folder.resolve("up.log");

    assertThat(DetachedUp.completeLines(Files.writeString(log, "ready in "))).isEmpty();
    assertThat(DetachedUp.completeLines(Files.writeString(log, "starting\nready in 9")))
        .containsExactly("starting");
    assertThat(DetachedUp.completeLines(Files.writeString(log, "starting\nready in 9.1 s\n")))
        .containsExactly("starting", "ready in 9.1 s");
  }
}
