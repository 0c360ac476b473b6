package dev.millrace.worker.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.fixture.Runs;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TargetPolicyTest {

  private final TargetPolicy policy = new TargetPolicy(Set.of("documentation", "code"));

  @Test
  void aTaskThatWritesWritesTheFileItNames() {
    assertThat(path("documentation", "docs/a.md", Map.of())).contains("docs/a.md");
    assertThat(path("code", "src/A.java", Map.of())).contains("src/A.java");
  }

  @Test
  void documentationOfCodeDoesNotReplaceTheCode() {
    assertThat(path("documentation", "src/A.java", Map.of())).contains("docs/A.java.md");
  }

  @Test
  void aTaskThatOnlyLooksWritesNothingUnlessItIsToldWhere() {
    assertThat(path("review", "src/A.java", Map.of())).isEmpty();
    assertThat(path("review", "src/A.java", Map.of("output_path", "review.md")))
        .contains("review.md");
  }

  @Test
  void nothingIsWrittenWithoutARepositoryOrAgainstTheTasksWill() {
    assertThat(policy.pathFor(Runs.of("documentation", "x"))).isEmpty();
    assertThat(path("documentation", null, Map.of())).isEmpty();
    assertThat(path("documentation", "a.md", Map.of("commit", "false"))).isEmpty();
  }

  private Optional<String> path(
      String taskType, @Nullable String filePath, Map<String, String> attributes) {
    return policy.pathFor(
        Runs.in(new Place("acme/handbook", filePath, null), taskType, "x", attributes));
  }
}
