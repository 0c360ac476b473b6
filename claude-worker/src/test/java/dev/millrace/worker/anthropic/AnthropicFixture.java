package dev.millrace.worker.anthropic;

import dev.millrace.fixture.FakeApi;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.AgentRun;
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
import java.util.Map;
import java.util.Set;

/** An Anthropic agent, and a server that answers it as a test says. */
final class AnthropicFixture implements AutoCloseable {

  static final AgentRun RUN = Runs.of("analysis", "What is this?");

  static final String START =
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

  static final String REST =
      """
      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"ne\\nSecond line"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      """;

  static final String STOP =
      """
      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"%s","stop_sequence":null},"usage":{"output_tokens":12}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  final FakeApi api = new FakeApi();
  final RecordingReporter reporter = new RecordingReporter();
  private Duration runTimeout = Duration.ofMinutes(1);
  private String path = "";

  /** Lets runs take this long. */
  AnthropicFixture within(Duration longest) {
    runTimeout = longest;
    return this;
  }

  /** Lets the API stand below this path. */
  AnthropicFixture below(String base) {
    path = base;
    return this;
  }

  /** What a run comes to without a repository. */
  AgentResult run() throws InterruptedException {
    return run(RUN, Repositories.from(Environment.of(Map.of())));
  }

  /** The failure of a run that must fail. */
  AgentFailure failure() throws InterruptedException {
    AgentResult result = run();
    if (result instanceof Failed failed) {
      return failed.failure();
    }
    throw new AssertionError("expected a failure, found " + result);
  }

  AgentResult run(AgentRun run, Repositories repositories) throws InterruptedException {
    Environment environment =
        Environment.of(
            Map.of(
                "ANTHROPIC_API_KEY", "test-secret",
                "ANTHROPIC_BASE_URL", api.uri() + path,
                "ANTHROPIC_MODEL", "claude-configured",
                "ANTHROPIC_MAX_TOKENS", "500"));
    Briefings briefings =
        new Briefings(
            new Prompts(),
            new SourceFiles(repositories),
            new ReviewedChanges(repositories),
            new TargetPolicy(Set.of("documentation")));
    try (ModelAgent agent =
        new ModelAgent(
            AnthropicModel.from(environment, runTimeout),
            briefings,
            new SourceFiles(repositories),
            SiteTools.NONE,
            false)) {
      return agent.run(run, reporter);
    }
  }

  /** An error as the API writes it. */
  static String error(String type, String message) {
    return "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
        .formatted(type, message);
  }

  @Override
  public void close() {
    api.close();
  }
}
