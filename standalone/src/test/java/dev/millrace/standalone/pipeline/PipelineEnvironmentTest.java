package dev.millrace.standalone.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.DataDirectory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineEnvironmentTest {

  @TempDir private Path folder;

  @Test
  void clonesAreInTheDataDirectoryUnlessTheSiteSaysOtherwise() {
    assertThat(workspaces(Map.of())).isEqualTo(folder.resolve("workspaces").toString());
    assertThat(workspaces(Map.of("WORKSPACES_DIR", "/srv/clones"))).isEqualTo("/srv/clones");
  }

  @Test
  void theSecretsAreThoseOfTheDataDirectoryWhateverTheShellHas() {
    try (DataDirectory data = DataDirectory.open(folder)) {
      PipelineOptions options =
          new PipelineOptions(
              PipelineOptions.LOOPBACK, 0, Map.of(Credentials.API_KEY, "of-another-pipeline"));
      assertThat(
              PipelineEnvironment.withoutStack(data, options).string(Credentials.API_KEY, "none"))
          .isEqualTo(data.credentials().get(Credentials.API_KEY));
    }
  }

  private String workspaces(Map<String, String> site) {
    try (DataDirectory data = DataDirectory.open(folder)) {
      PipelineOptions options = new PipelineOptions(PipelineOptions.LOOPBACK, 0, site);
      return PipelineEnvironment.withoutStack(data, options).string("WORKSPACES_DIR", "");
    }
  }
}
