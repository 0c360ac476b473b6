package dev.millrace.worker.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.repository.Repositories;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.chat.ModelAgent;
import dev.millrace.worker.fixture.FakeApi;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.fixture.RecordingReporter;
import dev.millrace.worker.fixture.Runs;
import dev.millrace.worker.prompt.Briefings;
import dev.millrace.worker.prompt.Prompts;
import dev.millrace.worker.result.TargetPolicy;
import dev.millrace.worker.source.SourceFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicAgentTest {

  private static final AgentRun RUN = Runs.of("analysis", "What is this?");

  private static final String START =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",\
      "model":"claude-test-1","content":[],"stop_reason":null,"stop_sequence":null,\
      "usage":{"input_tokens":20,"cache_creation_input_tokens":7,"cache_read_input_tokens":300,\
      "output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: ping
      data: {"type":"ping"}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"First li"}}

      """;

  private static final String REST =
      """
      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"ne\\nSecond line"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      """;

  private static final String STOP =
      """
      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"%s","stop_sequence":null},"usage":{"output_tokens":12}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private final FakeApi api = new FakeApi();
  private final RecordingReporter reporter = new RecordingReporter();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void anAnswerIsStreamedCountedAndLoggedLineByLine() throws InterruptedException {
    api.answer(FakeApi.stream(START + REST + STOP.formatted("end_turn")));

    AgentResult result = run(RUN, Repositories.from(Environment.of(Map.of())));

    assertThat(result)
        .isEqualTo(new Completed("First line\nSecond line", List.of(), "claude-test-1"));
    assertThat(reporter.usages).containsExactly(new TokenUsage("claude-test-1", 20, 12, 300, 7));
    assertThat(reporter.lines).contains("First line", "Second line");
  }

  @Test
  void theRequestCarriesTheKeyTheModelACachedSystemPromptAndTheFencedTask()
      throws InterruptedException {
    api.answer(FakeApi.stream(START + REST + STOP.formatted("end_turn")));

    run(RUN, Repositories.from(Environment.of(Map.of())));

    FakeApi.Request request = api.requests.getFirst();
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
    String messageStart = START.substring(0, START.indexOf("event: content_block_start"));
    api.answer(exchange -> {
      String answer =
          api.requests.size() == 1
              ? messageStart + TOOL_CALL + STOP.formatted("tool_use")
              : START + REST + STOP.formatted("end_turn");
      FakeApi.stream(answer).respond(exchange);
    });
    try (GitFixture git = new GitFixture(folder, Map.of("README.md", "Makes things."))) {
      AgentRun run =
          Runs.in(new Place(GitFixture.NAME, null, GitFixture.BRANCH), "analysis", "x", Map.of());

      AgentResult result = run(run, git.repositories());

      assertThat(result).isInstanceOf(Completed.class);
    }
    assertThat(api.requests).hasSize(2);
    assertThat(api.requests.getFirst().body())
        .contains("\"name\":\"read_file\"", "\"input_schema\":");
    assertThat(api.requests.getLast().body())
        .contains("\"type\":\"tool_result\"", "\"tool_use_id\":\"toolu_1\"", "Makes things.");
    assertThat(reporter.tools).hasSize(1);
    assertThat(reporter.usages).hasSize(2);
  }

  @Test
  void theAnswerToADocumentationTaskIsAFile(@TempDir Path folder) throws InterruptedException {
    api.answer(FakeApi.stream(START + REST + STOP.formatted("end_turn")));
    try (GitFixture git =
        new GitFixture(folder, Map.of("README.md", "# Acme\n\nMakes things.\n"))) {
      AgentRun run =
          Runs.in(
              new Place(GitFixture.NAME, "docs/new.md", null), "documentation", "Write", Map.of());

      AgentResult result = run(run, git.repositories());

      assertThat(result)
          .isInstanceOfSatisfying(
              Completed.class,
              completed ->
                  assertThat(completed.files())
                      .containsExactly(
                          new AgentResult.ResultFile("docs/new.md", "First line\nSecond line\n")));
      assertThat(api.requests.getFirst().body()).contains("Makes things.");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | authentication_error  | provider_unauthorized | false
          403 | permission_error      | provider_forbidden    | false
          404 | not_found_error       | provider_not_found    | false
          413 | request_too_large     | context_too_long      | false
          400 | invalid_request_error | provider_rejected     | false
          500 | api_error             | provider_unavailable  | true
          503 | api_error             | provider_unavailable  | true
          529 | overloaded_error      | provider_overloaded   | true
          """)
  void aStatusOfTheApiIsAFailureOfTheRun(int status, String type, String code, boolean retryable)
      throws InterruptedException {
    api.answer(FakeApi.status(status, error(type, "no luck")));

    AgentFailure failure = failure();

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.message()).contains("Claude API error: " + status, "no luck");
    assertThat(api.requests).hasSize(1);
  }

  @Test
  void aWrongKeySaysWhichVariableToCheck() throws InterruptedException {
    api.answer(FakeApi.status(401, error("authentication_error", "invalid x-api-key")));

    assertThat(failure().message()).contains("ANTHROPIC_API_KEY");
  }

  @Test
  void aLimitSaysHowLongToWait() throws InterruptedException {
    api.answer(FakeApi.status(429, error("rate_limit_error", "slow down"), "Retry-After", "17"));

    AgentFailure failure = failure();

    assertThat(failure.code()).isEqualTo("rate_limited");
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(17));
    assertThat(api.requests).hasSize(1);
  }

  @Test
  void aPromptThatIsTooLongIsNotTriedAgain() throws InterruptedException {
    api.answer(
        FakeApi.status(
            400, error("invalid_request_error", "prompt is too long: 1200000 tokens > 1000000")));

    AgentFailure failure = failure();

    assertThat(failure.code()).isEqualTo("context_too_long");
    assertThat(failure.retryable()).isFalse();
  }

  @Test
  void aStreamThatEndsBeforeItsStopIsCutButPaidFor() throws InterruptedException {
    api.answer(FakeApi.stream(START + REST));

    AgentFailure failure = failure();

    assertThat(failure.code()).isEqualTo("provider_stream_cut");
    assertThat(failure.retryable()).isTrue();
    assertThat(reporter.usages).hasSize(1);
  }

  @Test
  void aConnectionThatBreaksIsTriedAgain() throws InterruptedException {
    api.answer(FakeApi.cut(START));

    AgentFailure failure = failure();

    assertThat(failure.code()).isIn("provider_unreachable", "provider_stream_cut");
    assertThat(failure.retryable()).isTrue();
  }

  @Test
  void anErrorWithinTheStreamCounts() throws InterruptedException {
    api.answer(
        FakeApi.stream(
            START + "event: error\ndata: " + error("overloaded_error", "Overloaded") + "\n\n"));

    AgentFailure failure = failure();

    assertThat(failure.code()).isEqualTo("provider_overloaded");
    assertThat(failure.retryable()).isTrue();
  }

  @Test
  void somethingThatIsNotTheProtocolIsMalformed() throws InterruptedException {
    api.answer(FakeApi.stream(START + "event: content_block_delta\ndata: {\"type\": oops\n\n"));

    AgentFailure failure = failure();

    assertThat(failure.code()).isEqualTo("provider_malformed");
    assertThat(failure.retryable()).isTrue();
  }

  @Test
  void aProxysErrorPageIsAFailureLikeAnother() throws InterruptedException {
    api.answer(FakeApi.status(502, "<html>Bad Gateway</html>"));

    AgentFailure failure = failure();

    assertThat(failure.code()).isEqualTo("provider_unavailable");
    assertThat(failure.retryable()).isTrue();
  }

  @Test
  void halfADocumentIsNone() throws InterruptedException {
    api.answer(FakeApi.stream(START + REST + STOP.formatted("max_tokens")));

    AgentFailure failure = failure();

    assertThat(failure.code()).isEqualTo("output_too_long");
    assertThat(failure.message()).contains("ANTHROPIC_MAX_TOKENS");
  }

  @Test
  void anAnswerWithoutEndIsCutOff() throws InterruptedException {
    String much = "x".repeat(64 << 10);
    String delta =
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
            + "\"delta\":{\"type\":\"text_delta\",\"text\":\""
            + much
            + "\"}}\n\n";
    api.answer(FakeApi.stream(START + delta.repeat(20)));

    assertThat(failure().code()).isEqualTo("output_too_large");
  }

  @Test
  void anInterruptEndsACallThatIsUnderWay() {
    api.answer(api.silentAfter(START));
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread thread =
        Thread.startVirtualThread(() -> {
          try {
            AgentResult result = run(RUN, Repositories.from(Environment.of(Map.of())));
            thrown.completeExceptionally(new AssertionError("ended with " + result));
          } catch (InterruptedException e) {
            thrown.complete(e);
          }
        });
    await().until(() -> reporter.lines.stream().anyMatch(line -> line.startsWith("asks")));
    await().until(() -> !api.requests.isEmpty());

    thread.interrupt();

    await().until(thrown::isDone);
    assertThat(thrown.join()).isInstanceOf(InterruptedException.class);
  }

  private AgentFailure failure() throws InterruptedException {
    AgentResult result = run(RUN, Repositories.from(Environment.of(Map.of())));
    assertThat(result).isInstanceOf(Failed.class);
    return ((Failed) result).failure();
  }

  private AgentResult run(AgentRun run, Repositories repositories) throws InterruptedException {
    AnthropicConfig config =
        AnthropicConfig.from(
                Environment.of(
                    Map.of(
                        "ANTHROPIC_API_KEY", "test-secret",
                        "ANTHROPIC_BASE_URL", api.uri().toString(),
                        "ANTHROPIC_MODEL", "claude-configured",
                        "ANTHROPIC_MAX_TOKENS", "500")))
            .orElseThrow();
    Briefings briefings =
        new Briefings(
            new Prompts(),
            new SourceFiles(repositories),
            new TargetPolicy(Set.of("documentation")));
    try (ModelAgent agent =
        new ModelAgent(
            new AnthropicModel(config, Duration.ofMinutes(1)),
            briefings,
            new SourceFiles(repositories))) {
      return agent.run(run, reporter);
    }
  }

  private static String error(String type, String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
        .formatted(type, message);
  }
}
