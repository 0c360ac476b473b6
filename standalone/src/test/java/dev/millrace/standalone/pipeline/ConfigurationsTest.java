package dev.millrace.standalone.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.Distribution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationsTest {

  @TempDir private Path folder;

  @Test
  void whatIsSetOnAFirstStartIsRight() {
    try (DataDirectory data = DataDirectory.open(folder)) {
      assertThatCode(() ->
              Configurations.check(
                  PipelineEnvironment.withoutStack(data, options(Map.of())), Apps.names()))
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PROJECTS, nonsense",
    "PROJECTS, shop:not a url",
    "AUDIT_RETENTION, soon",
    "WORKER_SLOTS, many",
    "GATEWAY_MAX_BODY, -1",
    "TASK_ROUTES, nonsense"
  })
  void aWrongVariableIsToldBeforeAnythingIsStarted(String variable, String value) {
    List<String> progress = new ArrayList<>();

    try (DataDirectory data = DataDirectory.open(folder)) {
      assertThatThrownBy(() ->
              Pipeline.start(
                  data, new Distribution(folder), options(Map.of(variable, value)), progress::add))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining(variable);
    }

    assertThat(progress).isEmpty();
  }

  private static PipelineOptions options(Map<String, String> environment) {
    return new PipelineOptions(PipelineOptions.LOOPBACK, 0, environment);
  }
}
