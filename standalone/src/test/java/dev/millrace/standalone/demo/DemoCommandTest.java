package dev.millrace.standalone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.command.SameJvm;
import dev.millrace.standalone.embedded.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
      Process second = demo();

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

  private Process demo() throws IOException {
    return new ProcessBuilder(
            SameJvm.command(
                option -> false,
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                List.of("demo", "--data", folder.toString())))
        .redirectErrorStream(true)
        .start();
  }
}
