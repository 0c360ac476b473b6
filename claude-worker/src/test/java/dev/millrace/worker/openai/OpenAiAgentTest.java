package dev.millrace.worker.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.fixture.FakeApi;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.chat.ModelAgent;
import dev.millrace.worker.chat.SiteTools;
import dev.millrace.worker.fixture.RecordingReporter;
import dev.millrace.worker.fixture.Runs;
import dev.millrace.worker.prompt.Briefings;
import dev.millrace.worker.prompt.Prompts;
import dev.millrace.worker.result.TargetPolicy;
import dev.millrace.worker.source.ReviewedChanges;
import dev.millrace.worker.source.SourceFiles;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiAgentTest {

  private static final String CHUNK =
      """
      data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-test-1",\
      "choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":%s}],"usage":null}

      """;

  private static final String USAGE =
      """
      data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-test-1",\
      "choices":[],"usage":{"prompt_tokens":100,"completion_tokens":9,"total_tokens":109,\
      "prompt_tokens_details":{"cached_tokens":60}}}

      data: [DONE]

      """;

  private final FakeApi api = new FakeApi();
  private final RecordingReporter reporter = new RecordingReporter();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void anAnswerIsStreamedAndCounted() throws InterruptedException {
    api.answer(
        FakeApi.stream(
            CHUNK.formatted("One\\nT", "null") + CHUNK.formatted("wo", "\"stop\"") + USAGE));

    AgentResult result = run();

    assertThat(result).isEqualTo(new Completed("One\nTwo", List.of(), "gpt-test-1"));
    assertThat(reporter.usages).containsExactly(new TokenUsage("gpt-test-1", 40, 9, 60, 0));
    assertThat(reporter.lines).contains("One", "Two");
    FakeApi.Request request = api.requests.getFirst();
    assertThat(request.path()).isEqualTo("/v1/chat/completions");
    assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer test-secret");
    assertThat(request.body())
        .contains("\"include_usage\":true", "\"max_completion_tokens\":500", "What is this?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | invalid_api_key         | provider_unauthorized     | false
          404 | model_not_found         | provider_not_found        | false
          400 | context_length_exceeded | context_too_long          | false
          429 | rate_limit_exceeded     | rate_limited              | true
          429 | insufficient_quota      | provider_payment_required | false
          500 | server_error            | provider_unavailable      | true
          503 | server_error            | provider_unavailable      | true
          """)
  void aStatusOfTheApiIsAFailureOfTheRun(int status, String type, String code, boolean retryable)
      throws InterruptedException {
    api.answer(
        FakeApi.status(
            status,
            "{\"error\":{\"message\":\"no luck\",\"type\":\"t\",\"code\":\"" + type + "\"}}",
            "Retry-After",
            "3"));

    AgentFailure failure = failure();

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.message()).startsWith("OpenAI API error: " + status + ": no luck");
    assertThat(api.requests).hasSize(1);
  }

  @Test
  void aLimitSaysHowLongToWaitToTheMillisecond() throws InterruptedException {
    api.answer(
        FakeApi.status(429, "{\"error\":{\"message\":\"slow down\"}}", "retry-after-ms", "1250"));

    assertThat(failure().retryAfter()).isEqualTo(Duration.ofMillis(1_250));
  }

  @Test
  void aWrongKeySaysWhichVariableToCheck() throws InterruptedException {
    api.answer(FakeApi.status(401, "{\"error\":{\"message\":\"Incorrect key\"}}"));

    assertThat(failure().message()).contains("OpenAI API error: 401", "OPENAI_API_KEY");
  }

  @Test
  void aStreamWithoutFinishIsCut() throws InterruptedException {
    api.answer(FakeApi.stream(CHUNK.formatted("One", "null")));

    AgentFailure failure = failure();

    assertThat(failure.code()).isEqualTo("provider_stream_cut");
    assertThat(failure.retryable()).isTrue();
  }

  @Test
  void aReplyThatNeverEndsIsEndedWithTheRun() throws InterruptedException {
    api.answer(exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(CHUNK.formatted("One", "null").getBytes(UTF_8));
      while (!Thread.currentThread().isInterrupted()) {
        exchange.getResponseBody().write(": still there\n\n".getBytes(UTF_8));
        exchange.getResponseBody().flush();
      }
    });

    AgentResult result = run(Duration.ofSeconds(2));

    assertThat(result)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.failure().retryable()).isTrue();
              assertThat(failed.failure().code())
                  .isIn("provider_unreachable", "provider_stream_cut");
            });
  }

  @Test
  void somethingThatIsNotTheProtocolIsMalformed() throws InterruptedException {
    api.answer(FakeApi.stream("data: {oops\n\n"));

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
    api.answer(FakeApi.stream(CHUNK.formatted("One", "\"length\"") + USAGE));

    assertThat(failure().code()).isEqualTo("output_too_long");
    assertThat(reporter.usages).hasSize(1);
  }

  @Test
  void callsThatEndWithStopAreCallsAllTheSame() throws InterruptedException {
    api.answerInTurn(
        FakeApi.stream(
            """
            data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-test-1",\
            "choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c-1","type":"function",\
            "function":{"name":"fly","arguments":"{}"}}]},"finish_reason":null}],"usage":null}

            """
                + CHUNK.formatted("", "\"stop\"")
                + USAGE),
        FakeApi.stream(CHUNK.formatted("I cannot fly.", "\"stop\"") + USAGE));

    AgentResult result = run();

    assertThat(result).isEqualTo(new Completed("I cannot fly.", List.of(), "gpt-test-1"));
    assertThat(api.requests.getLast().body()).contains("there is no tool 'fly'");
  }

  @Test
  void aServerThatCountsNoTokensAnswersAllTheSame() throws InterruptedException {
    api.answer(
        FakeApi.stream(
            CHUNK.formatted("One", "\"stop\"")
                + USAGE.replaceAll(
                    "\"usage\":\\{.*\\}\\}", "\"usage\":{\"completion_tokens\":-9}}")));

    AgentResult result = run();

    assertThat(result).isEqualTo(new Completed("One", List.of(), "gpt-test-1"));
    assertThat(reporter.usages).containsExactly(new TokenUsage("gpt-test-1", 0, 0, 0, 0));
  }

  @Test
  void aPageInPlaceOfAnAnswerSaysWhatToCheck() throws InterruptedException {
    api.answer(FakeApi.status(200, "<html>Please log in</html>", "Content-Type", "text/html"));

    AgentFailure failure = failure();

    assertThat(failure.code()).isEqualTo("provider_malformed");
    assertThat(failure.message()).contains("found none", "OPENAI_BASE_URL");
  }

  @Test
  void theKeyDoesNotGoAlongWithARedirect() throws InterruptedException {
    try (FakeApi elsewhere = new FakeApi()) {
      api.answer(FakeApi.status(308, "", "Location", elsewhere.uri() + "/v1/chat/completions"));

      run();

      assertThat(elsewhere.requests)
          .singleElement()
          .satisfies(request ->
              assertThat(request.headers().values().toString()).doesNotContain("test-secret"));
    }
  }

  private AgentFailure failure() throws InterruptedException {
    AgentResult result = run();
    assertThat(result).isInstanceOf(Failed.class);
    return ((Failed) result).failure();
  }

  private AgentResult run() throws InterruptedException {
    return run(Duration.ofMinutes(1));
  }

  private AgentResult run(Duration runTimeout) throws InterruptedException {
    Environment environment =
        Environment.of(
            Map.of(
                "OPENAI_API_KEY", "test-secret",
                "OPENAI_BASE_URL", api.uri() + "/v1",
                "OPENAI_MAX_TOKENS", "500"));
    Repositories repositories = Repositories.from(Environment.of(Map.of()));
    Briefings briefings =
        new Briefings(
            new Prompts(),
            new SourceFiles(repositories),
            new ReviewedChanges(repositories),
            new TargetPolicy(Set.of()));
    try (ModelAgent agent =
        new ModelAgent(
            OpenAiModel.from(environment, runTimeout),
            briefings,
            new SourceFiles(repositories),
            SiteTools.NONE,
            false)) {
      return agent.run(Runs.of("analysis", "What is this?"), reporter);
    }
  }
}
