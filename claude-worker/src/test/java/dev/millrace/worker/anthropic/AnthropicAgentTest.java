package dev.millrace.worker.anthropic;

import static dev.millrace.worker.anthropic.AnthropicFixture.REST;
import static dev.millrace.worker.anthropic.AnthropicFixture.RUN;
import static dev.millrace.worker.anthropic.AnthropicFixture.START;
import static dev.millrace.worker.anthropic.AnthropicFixture.STOP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.fixture.FakeApi;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.fixture.Runs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnthropicAgentTest {

  private final AnthropicFixture claude = new AnthropicFixture();

  @AfterEach
  void close() {
    claude.close();
  }

  @Test
  void anAnswerIsStreamedCountedAndLoggedLineByLine() throws InterruptedException {
    claude.api.answer(FakeApi.stream(START + REST + STOP.formatted("end_turn")));

    AgentResult result = claude.run(RUN, Repositories.from(Environment.of(Map.of())));

    assertThat(result)
        .isEqualTo(new Completed("First line\nSecond line", List.of(), "claude-test-1"));
    assertThat(claude.reporter.usages)
        .containsExactly(new TokenUsage("claude-test-1", 20, 12, 300, 7));
    assertThat(claude.reporter.lines).contains("First line", "Second line");
  }

  @Test
  void theRequestCarriesTheKeyTheModelACachedSystemPromptAndTheFencedTask()
      throws InterruptedException {
    claude.api.answer(FakeApi.stream(START + REST + STOP.formatted("end_turn")));

    claude.run(RUN, Repositories.from(Environment.of(Map.of())));

    FakeApi.Request request = claude.api.requests.getFirst();
    assertThat(request.path()).isEqualTo("/v1/messages");
    assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer test-secret");
    assertThat(request.body())
        .contains("\"model\":\"claude-configured\"", "\"stream\":true", "\"max_tokens\":500")
        .contains("\"cache_control\":{\"type\":\"ephemeral\"}")
        .containsPattern("<untrusted-[0-9a-f]{16} what=\\\\\"task\\\\\">\\\\nWhat is this\\?");
  }

  private static final String TOOL_CALL =
      """
      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"read_file","input":{}}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\\"path\\": "}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\\"README.md\\"}"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      """;

  @Test
  void aToolThatTheModelCallsIsAnsweredAndTheModelAskedAgain(@TempDir Path folder)
      throws InterruptedException {
    callsAToolTimes(1);
    try (GitFixture git = new GitFixture(folder, Map.of("README.md", "Makes things."))) {
      AgentRun run =
          Runs.in(new Place(GitFixture.NAME, null, GitFixture.BRANCH), "analysis", "x", Map.of());

      AgentResult result = claude.run(run, git.repositories());

      assertThat(result).isInstanceOf(Completed.class);
    }
    assertThat(claude.api.requests).hasSize(2);
    assertThat(claude.api.requests.getFirst().body())
        .contains("\"name\":\"read_file\"", "\"input_schema\":");
    assertThat(claude.api.requests.getLast().body())
        .contains("\"type\":\"tool_result\"", "\"tool_use_id\":\"toolu_1\"", "Makes things.");
    assertThat(claude.reporter.tools).hasSize(1);
    assertThat(claude.reporter.usages).hasSize(2);
  }

  @Test
  void ofALongConversationTheSystemPromptAndTheNewestResultsAreMarkedForTheCache(
      @TempDir Path folder) throws InterruptedException {
    callsAToolTimes(3);
    try (GitFixture git = new GitFixture(folder, Map.of("README.md", "Makes things."))) {
      AgentRun run =
          Runs.in(new Place(GitFixture.NAME, null, GitFixture.BRANCH), "analysis", "x", Map.of());

      claude.run(run, git.repositories());
    }

    assertThat(claude.api.requests)
        .extracting(request -> request.body().split("\"cache_control\"", -1).length - 1)
        .containsExactly(1, 2, 2, 2);
    assertThat(claude.api.requests.getLast().body().split("\"tool_result\"", -1)).hasSize(4);
  }

  @Test
  void theAnswerToADocumentationTaskIsAFile(@TempDir Path folder) throws InterruptedException {
    claude.api.answer(FakeApi.stream(START + REST + STOP.formatted("end_turn")));
    try (GitFixture git =
        new GitFixture(folder, Map.of("README.md", "# Acme\n\nMakes things.\n"))) {
      AgentRun run =
          Runs.in(
              new Place(GitFixture.NAME, "docs/new.md", null), "documentation", "Write", Map.of());

      AgentResult result = claude.run(run, git.repositories());

      assertThat(result)
          .isInstanceOfSatisfying(
              Completed.class,
              completed ->
                  assertThat(completed.files())
                      .containsExactly(
                          new AgentResult.ResultFile("docs/new.md", "First line\nSecond line\n")));
      assertThat(claude.api.requests.getFirst().body()).contains("Makes things.");
    }
  }

  /** The model calls a tool in its first answers, and is done with the next. */
  private void callsAToolTimes(int times) {
    String messageStart = START.substring(0, START.indexOf("event: content_block_start"));
    claude.api.answer(exchange -> {
      String answer =
          claude.api.requests.size() <= times
              ? messageStart + TOOL_CALL + STOP.formatted("tool_use")
              : START + REST + STOP.formatted("end_turn");
      FakeApi.stream(answer).respond(exchange);
    });
  }
}
