package dev.millrace.standalone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.command.CommandProcess;
import dev.millrace.standalone.embedded.DataDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {

  @TempDir private Path folder;

  @Test
  void aSecondDemoOnTheSameDataSaysSoAndEnds() throws Exception {
    // given
    Files.createDirectory(folder.resolve("service"));
    try (DataDirectory _ = DataDirectory.open(folder)) {
      // when
      Process second = CommandProcess.of("demo", "--data", folder.toString()).start();

      // then
      try {
        assertThat(second.waitFor(1, TimeUnit.MINUTES)).as("it ends").isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(second.inputReader(UTF_8).readAllAsString())
            .contains("millrace: Millrace is already running on " + folder);
      } finally {
        second.destroyForcibly();
      }
    }
  }
}
