package dev.millrace.worker.inhouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.fixture.FakeApi;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.fixture.RecordingReporter;
import dev.millrace.worker.fixture.Runs;
import dev.millrace.worker.result.TargetPolicy;
import dev.millrace.worker.source.ReviewedChanges;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InhouseAgentTest {

  private final FakeApi api = new FakeApi();
  private final RecordingReporter reporter = new RecordingReporter();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void anAnswerIsTakenWithItsFilesAndItsUsage() throws InterruptedException {
    api.answer(
        FakeApi.status(
            200,
            """
            {"text": "done", "model": "javari-1", "files": [{"path": "a.md", "content": "A"}],
             "usage": {"input_tokens": 3, "output_tokens": 4}}
            """));

    assertThat(run())
        .isEqualTo(new Completed("done", List.of(new ResultFile("a.md", "A")), "javari-1"));
    assertThat(reporter.usages).containsExactly(new TokenUsage("javari-1", 3, 4, 0, 0));
    FakeApi.Request request = api.requests.getFirst();
    assertThat(request.headers().getFirst("Idempotency-Key")).isEqualTo("run-1");
    assertThat(request.headers().getFirst("X-API-Key")).isEqualTo("test-secret");
    assertThat(request.body()).contains("\"task_type\":\"support\"", "\"description\":\"Help\"");
  }

  @Test
  void aReviewGetsTheChange(@TempDir Path folder) throws InterruptedException {
    api.answer(FakeApi.status(200, "{\"text\": \"fine\"}"));
    try (GitFixture git = new GitFixture(folder, Map.of("README.md", "Hello.\n"))) {
      git.change("fix", "README.md", "Bye.\n");

      run(Runs.reviewOf(Map.of("review_branch", "fix")), git.repositories());
    }

    assertThat(api.requests.getFirst().body())
        .contains("\"change\":{\"pull_request\":null,\"commit\":\"fix\",\"diff\":\"diff --git")
        .contains("-Hello.\\n+Bye.\\n\",\"cut\":false}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"oops", "[]", "{\"text\": 1}", "{\"text\": \"a\", \"files\": [{\"path\": 1}]}"})
  void anAnswerOfAnotherFormIsMalformed(String body) throws InterruptedException {
    api.answer(FakeApi.status(200, body));

    assertThat(failure().code()).isEqualTo("provider_malformed");
  }

  @Test
  void aLimitSaysHowLongToWait() throws InterruptedException {
    api.answer(FakeApi.status(429, "busy", "Retry-After", "4"));

    assertThat(failure())
        .isEqualTo(
            new AgentFailure(
                "rate_limited", "in-house agent error: 429: busy", true, Duration.ofSeconds(4)));
  }

  @Test
  void anAnswerWithoutEndIsCutOff() throws InterruptedException {
    api.answer(FakeApi.stream("x".repeat(5 << 20)));

    assertThat(failure().code()).isEqualTo("output_too_large");
  }

  @Test
  void anEndpointThatIsAwayIsTriedAgain() throws InterruptedException {
    api.close();

    assertThat(failure().retryable()).isTrue();
  }

  private AgentFailure failure() throws InterruptedException {
    AgentResult result = run();
    assertThat(result).isInstanceOf(Failed.class);
    return ((Failed) result).failure();
  }

  private AgentResult run() throws InterruptedException {
    return run(Runs.of("support", "Help"), Repositories.from(Environment.of(Map.of())));
  }

  private AgentResult run(AgentRun run, Repositories repositories) throws InterruptedException {
    InhouseConfig config =
        InhouseConfig.from(
                Environment.of(
                    Map.of(
                        "JAVARI_AGENT_URL",
                        api.uri() + "/agent",
                        "JAVARI_INTERNAL_API_KEY",
                        "test-secret")))
            .orElseThrow();
    try (InhouseAgent agent =
        new InhouseAgent(
            config,
            new TargetPolicy(Set.of()),
            new ReviewedChanges(repositories),
            Duration.ofSeconds(30))) {
      return agent.run(run, reporter);
    }
  }
}
