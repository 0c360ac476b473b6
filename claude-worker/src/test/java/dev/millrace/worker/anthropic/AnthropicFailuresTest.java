package dev.millrace.worker.anthropic;

import static dev.millrace.worker.anthropic.AnthropicFixture.REST;
import static dev.millrace.worker.anthropic.AnthropicFixture.RUN;
import static dev.millrace.worker.anthropic.AnthropicFixture.START;
import static dev.millrace.worker.anthropic.AnthropicFixture.STOP;
import static dev.millrace.worker.anthropic.AnthropicFixture.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.fixture.FakeApi;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong with the API, and what it means for a run. */
class AnthropicFailuresTest {

  private final AnthropicFixture claude = new AnthropicFixture();

  @AfterEach
  void close() {
    claude.close();
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
    claude.api.answer(FakeApi.status(status, error(type, "no luck")));

    AgentFailure failure = claude.failure();

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.message()).contains("Claude API error: " + status, "no luck");
    assertThat(claude.api.requests).hasSize(1);
  }

  @Test
  void aWrongKeySaysWhichVariableToCheck() throws InterruptedException {
    claude.api.answer(FakeApi.status(401, error("authentication_error", "invalid x-api-key")));

    assertThat(claude.failure().message()).contains("ANTHROPIC_API_KEY");
  }

  @Test
  void aLimitSaysHowLongToWait() throws InterruptedException {
    claude.api.answer(
        FakeApi.status(429, error("rate_limit_error", "slow down"), "Retry-After", "17"));

    AgentFailure failure = claude.failure();

    assertThat(failure.code()).isEqualTo("rate_limited");
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(17));
    assertThat(claude.api.requests).hasSize(1);
  }

  @Test
  void aPromptThatIsTooLongIsNotTriedAgain() throws InterruptedException {
    claude.api.answer(
        FakeApi.status(
            400, error("invalid_request_error", "prompt is too long: 1200000 tokens > 1000000")));

    AgentFailure failure = claude.failure();

    assertThat(failure.code()).isEqualTo("context_too_long");
    assertThat(failure.retryable()).isFalse();
  }

  @Test
  void aStreamThatEndsBeforeItsStopIsCutButPaidFor() throws InterruptedException {
    claude.api.answer(FakeApi.stream(START + REST));

    AgentFailure failure = claude.failure();

    assertThat(failure.code()).isEqualTo("provider_stream_cut");
    assertThat(failure.retryable()).isTrue();
    assertThat(claude.reporter.usages).hasSize(1);
  }

  @Test
  void aConnectionThatBreaksIsTriedAgain() throws InterruptedException {
    claude.api.answer(FakeApi.cut(START));

    AgentFailure failure = claude.failure();

    assertThat(failure.code()).isIn("provider_unreachable", "provider_stream_cut");
    assertThat(failure.retryable()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          billing_error     | provider_payment_required | false
          not_found_error   | provider_not_found        | false
          request_too_large | context_too_long          | false
          rate_limit_error  | rate_limited              | true
          overloaded_error  | provider_overloaded       | true
          """)
  void anErrorWithinTheStreamCounts(String type, String code, boolean retryable)
      throws InterruptedException {
    claude.api.answer(
        FakeApi.stream(START + "event: error\ndata: " + error(type, "no luck") + "\n\n"));

    AgentFailure failure = claude.failure();

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.retryable()).isEqualTo(retryable);
  }

  @Test
  void somethingThatIsNotTheProtocolIsMalformed() throws InterruptedException {
    claude.api.answer(
        FakeApi.stream(START + "event: content_block_delta\ndata: {\"type\": oops\n\n"));

    AgentFailure failure = claude.failure();

    assertThat(failure.code()).isEqualTo("provider_malformed");
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.message()).contains("oops").doesNotContain("Source");
  }

  @Test
  void aProxysErrorPageIsAFailureLikeAnother() throws InterruptedException {
    claude.api.answer(FakeApi.status(502, "<html>Bad Gateway</html>"));

    AgentFailure failure = claude.failure();

    assertThat(failure.code()).isEqualTo("provider_unavailable");
    assertThat(failure.retryable()).isTrue();
  }

  @Test
  void halfADocumentIsNone() throws InterruptedException {
    claude.api.answer(FakeApi.stream(START + REST + STOP.formatted("max_tokens")));

    AgentFailure failure = claude.failure();

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
    claude.api.answer(FakeApi.stream(START + delta.repeat(20)));

    assertThat(claude.failure().code()).isEqualTo("output_too_large");
  }

  @Test
  void anInterruptEndsACallThatIsUnderWay() {
    claude.api.answer(claude.api.silentAfter(START));
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread thread =
        Thread.startVirtualThread(() -> {
          try {
            AgentResult result = claude.run(RUN, Repositories.from(Environment.of(Map.of())));
            thrown.completeExceptionally(new AssertionError("ended with " + result));
          } catch (InterruptedException e) {
            thrown.complete(e);
          }
        });
    await().until(() -> claude.reporter.lines.stream().anyMatch(line -> line.startsWith("asks")));
    await().until(() -> !claude.api.requests.isEmpty());

    thread.interrupt();

    await().until(thrown::isDone);
    assertThat(thrown.join()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aReplyThatNeverEndsIsEndedWithTheRun() throws InterruptedException {
    claude.api.answer(exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(START.getBytes(StandardCharsets.UTF_8));
      byte[] ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n".getBytes(StandardCharsets.UTF_8);
      while (!Thread.currentThread().isInterrupted()) {
        exchange.getResponseBody().write(ping);
        exchange.getResponseBody().flush();
      }
    });

    AgentFailure failure = claude.within(Duration.ofSeconds(2)).failure();

    assertThat(failure.retryable()).isTrue();
    assertThat(failure.code()).isIn("provider_unreachable", "provider_stream_cut");
  }
}
