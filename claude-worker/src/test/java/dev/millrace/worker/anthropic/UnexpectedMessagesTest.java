package dev.millrace.worker.anthropic;

import static dev.millrace.worker.anthropic.AnthropicFixture.REST;
import static dev.millrace.worker.anthropic.AnthropicFixture.START;
import static dev.millrace.worker.anthropic.AnthropicFixture.STOP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.fixture.FakeApi;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.TokenUsage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the API, or something in its place, was not expected to say. */
class UnexpectedMessagesTest {

  private static final Completed ANSWER =
      new Completed("First line\nSecond line", List.of(), "claude-test-1");

  private final AnthropicFixture claude = new AnthropicFixture();

  @AfterEach
  void close() {
    claude.close();
  }

  @Test
  void eventsAndBlocksThatAreNotKnownAreReadOver() throws InterruptedException {
    claude.api.answer(
        FakeApi.stream(
            START
                + """
                event: weather_report
                data: {"type":"weather_report","sky":"blue"}

                """
                + REST
                + """
                event: content_block_start
                data: {"type":"content_block_start","index":1,"content_block":{"type":"hologram","depth":3}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":1,"delta":{"type":"hologram_delta","depth":4}}

                event: content_block_stop
                data: {"type":"content_block_stop","index":1}

                """
                + STOP.formatted("end_turn")));

    AgentResult result = claude.run();

    assertThat(result).isEqualTo(ANSWER);
  }

  @Test
  void aReasonToStopThatIsNotKnownIsAnEnd() throws InterruptedException {
    claude.api.answer(FakeApi.stream(START + REST + STOP.formatted("tea_time")));

    AgentResult result = claude.run();

    assertThat(result).isEqualTo(ANSWER);
  }

  @Test
  void aPageInPlaceOfAnAnswerSaysWhatToCheck() throws InterruptedException {
    claude.api.answer(
        FakeApi.status(
            200, "<html><body>Please log in</body></html>", "Content-Type", "text/html"));

    AgentFailure failure = claude.failure();

    assertThat(failure.code()).isEqualTo("provider_malformed");
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.message()).contains("found none", "ANTHROPIC_BASE_URL");
  }

  @Test
  void theKeyDoesNotGoAlongWithARedirect() throws InterruptedException {
    try (FakeApi elsewhere = new FakeApi()) {
      elsewhere.answer(FakeApi.stream(START + REST + STOP.formatted("end_turn")));
      claude.api.answer(FakeApi.status(307, "", "Location", elsewhere.uri() + "/v1/messages"));

      claude.run();

      assertThat(elsewhere.requests)
          .singleElement()
          .satisfies(request ->
              assertThat(request.headers().values().toString()).doesNotContain("test-secret"));
    }
  }

  @Test
  void theApiMayStandBelowAPath() throws InterruptedException {
    claude.below("/proxy/claude");
    claude.api.answer(FakeApi.stream(START + REST + STOP.formatted("end_turn")));

    AgentResult result = claude.run();

    assertThat(result).isEqualTo(ANSWER);
    assertThat(claude.api.requests.getFirst().path()).isEqualTo("/proxy/claude/v1/messages");
  }

  @Test
  void absurdCountsOfTokensAreHeldWithinReason() throws InterruptedException {
    claude.api.answer(
        FakeApi.stream(
            START.replace("\"input_tokens\":20", "\"input_tokens\":-20")
                + REST
                + STOP.formatted("end_turn").replace("12", "9223372036854775807")));

    AgentResult result = claude.run();

    assertThat(result).isEqualTo(ANSWER);
    assertThat(claude.reporter.usages)
        .containsExactly(new TokenUsage("claude-test-1", 0, TokenUsage.MAX_TOKENS, 300, 7));
  }

  @Test
  void twoCallsOfOneIdAreNoMessageOfTheApi() throws InterruptedException {
    String call =
        """
        event: content_block_start
        data: {"type":"content_block_start","index":%1$d,"content_block":{"type":"tool_use","id":"toolu_1","name":"read_file","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":%1$d,"delta":{"type":"input_json_delta","partial_json":"{}"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":%1$d}

        """;
    claude.api.answer(
        FakeApi.stream(
            START.substring(0, START.indexOf("event: content_block_start"))
                + call.formatted(0)
                + call.formatted(1)
                + STOP.formatted("tool_use")));

    AgentFailure failure = claude.failure();

    assertThat(failure.code()).isEqualTo("provider_malformed");
    assertThat(failure.message()).contains("toolu_1");
    assertThat(claude.api.requests).hasSize(1);
  }
}
