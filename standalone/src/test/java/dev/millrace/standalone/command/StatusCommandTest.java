package dev.millrace.standalone.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.fixture.FakeApi;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.pipeline.PipelineState;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {

  private static final URI NOBODY = URI.create("http://127.0.0.1:9");

  @TempDir private Path folder;

  @Test
  void withoutTheBrokerEverythingElseIsKnown() throws Exception {
    // given
    try (DataDirectory _ = DataDirectory.open(folder);
        FakeApi app = new FakeApi()) {
      app.answer(
          FakeApi.status(
              200,
              "{\"since\":\"2026-01-01T00:00:00.5Z\",\"checks\":{\"postgres\":{\"status\":\"up\"}}}"));
      stateOf(NOBODY, app).write(folder);

      // when
      Process status = CommandProcess.of("status", "--data", folder.toString()).start();

      // then
      List<String> lines = status.inputReader(UTF_8).readAllAsString().lines().toList();
      assertThat(lines)
          .anyMatch(line -> line.matches("task-router +up +2026-01-01T00:00:00Z +- *"))
          .anyMatch(line -> line.matches("audit-sink +down .* does not answer at " + NOBODY))
          .anyMatch(line -> line.matches("kafka +down .* no answer at 127.0.0.1:9"));
      assertThat(status.waitFor()).isEqualTo(1);
    }
  }

  @Test
  void aQueueThatIsPausedIsToldWithTheReason() throws Exception {
    // given
    Files.writeString(folder.resolve("credentials.env"), "MILLRACE_API_KEY=made-up\n");
    try (DataDirectory _ = DataDirectory.open(folder);
        FakeApi gateway = new FakeApi()) {
      gateway.answer(
          FakeApi.status(
              200,
              """
              {"queues":[{"queue":"claude","paused":true,"pause_reason":"task t-1 failed"},
                         {"queue":"chatgpt","paused":false,"pause_reason":null}]}
              """));
      stateOf(gateway.uri(), gateway).write(folder);

      // when
      Process status = CommandProcess.of("status", "--data", folder.toString()).start();

      // then
      assertThat(status.inputReader(UTF_8).readAllAsString().lines())
          .endsWith("Queue claude is paused: task t-1 failed");
      assertThat(gateway.requests)
          .extracting(request -> request.headers().getFirst("X-API-Key"))
          .contains("made-up");
    }
  }

  private static PipelineState stateOf(URI gateway, FakeApi app) {
    return new PipelineState(
        ProcessHandle.current().pid(),
        Instant.EPOCH,
        gateway,
        "127.0.0.1:9",
        NOBODY,
        NOBODY,
        "jdbc:postgresql://127.0.0.1:9/millrace",
        Map.of("task-router", app.uri(), "audit-sink", NOBODY));
  }
}
