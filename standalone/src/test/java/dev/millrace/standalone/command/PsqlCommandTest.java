package dev.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.pipeline.PipelineState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PsqlCommandTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @Test
  void aSignalToStopLeavesNoPsqlBehind() throws Exception {
    // given psql at work: with a database that takes connections and says nothing for two seconds
    try (DataDirectory _ = DataDirectory.open(folder);
        ServerSocket database = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      state(database.getLocalPort()).write(folder);
      Process command = start();
      Awaitility.await().atMost(PATIENCE).until(() -> command.children().findAny().isPresent());
      ProcessHandle psql = command.children().findFirst().orElseThrow();

      // when: not with SIGINT, which what was started in the background ignores
      command.destroy();

      // then
      assertThat(command.onExit().thenApply(_ -> psql.isAlive()).get())
          .as("psql has the terminal after its command ended")
          .isFalse();
    }
  }

  private PipelineState state(int databasePort) {
    URI nobody = URI.create("http://127.0.0.1:9");
    return new PipelineState(
        ProcessHandle.current().pid(),
        Instant.EPOCH,
        nobody,
        "127.0.0.1:9",
        nobody,
        nobody,
        "jdbc:postgresql://127.0.0.1:%d/millrace".formatted(databasePort),
        Map.of());
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        CommandProcess.of("psql", "-c", "SELECT 1", "--data", folder.toString());
    builder.environment().put("PGCONNECT_TIMEOUT", "2");
    return builder.start();
  }
}
