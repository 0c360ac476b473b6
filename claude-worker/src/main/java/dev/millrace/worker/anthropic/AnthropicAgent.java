package dev.millrace.worker.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.Timeout;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.models.messages.CacheControlEphemeral;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlockParam;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.prompt.Briefing;
import dev.millrace.worker.prompt.Briefings;
import dev.millrace.worker.prompt.Prompt;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Asks a Claude model with one message and streams its answer. The system prompt is marked for the
 * provider's prompt cache. The SDK's own retries are off: each call of this agent is one call that
 * is paid for, and when to try again is the router's decision.
 */
public final class AnthropicAgent implements Agent, AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final AnthropicClient client;
  private final AnthropicConfig config;
  private final Briefings briefings;
  private final AnthropicFailures failures = new AnthropicFailures(Clock.systemUTC());

  /**
   * @param runTimeout longest a run may take
   */
  public AnthropicAgent(AnthropicConfig config, Briefings briefings, Duration runTimeout) {
    this.config = config;
    this.briefings = briefings;
    this.client =
        AnthropicOkHttpClient.builder()
            .apiKey(config.apiKey().reveal())
            .baseUrl(config.baseUrl().toString())
            .maxRetries(0)
            .timeout(
                Timeout.builder()
                    .connect(CONNECT_TIMEOUT)
                    .read(config.readTimeout())
                    .request(runTimeout)
                    .build())
            .build();
  }

  @Override
  public Provider provider() {
    return Provider.ANTHROPIC;
  }

  @Override
  public boolean repeatable() {
    return false;
  }

  @Override
  public AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException {
    Briefing briefing = briefings.brief(run, reporter);
    reporter.log("asks " + config.model() + " at Anthropic");
    MessageInProgress message = new MessageInProgress(config.model(), reporter);
    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(params(briefing.prompt()))) {
      for (RawMessageStreamEvent event : stream) {
        if (!message.add(event)) {
          return new AgentResult.Failed(AnthropicFailures.API.tooLarge());
        }
      }
      return message.result(briefing);
    } catch (AnthropicException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while the model answered");
      }
      return new AgentResult.Failed(failures.of(e));
    } finally {
      message.reportUsage();
    }
  }

  private MessageCreateParams params(Prompt prompt) {
    return MessageCreateParams.builder()
        .model(config.model())
        .maxTokens(config.maxTokens())
        .systemOfTextBlockParams(
            List.of(
                TextBlockParam.builder()
                    .text(prompt.system())
                    .cacheControl(CacheControlEphemeral.builder().build())
                    .build()))
        .addUserMessage(prompt.user())
        .build();
  }

  @Override
  public void close() {
    client.close();
  }
}
