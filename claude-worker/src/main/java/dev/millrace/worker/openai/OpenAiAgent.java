package dev.millrace.worker.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.Timeout;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
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
import java.util.Iterator;

/**
 * Asks a model over OpenAI's Chat Completions API, which many servers speak, and streams its
 * answer. The SDK's own retries are off: each call of this agent is one call that is paid for, and
 * when to try again is the router's decision.
 */
public final class OpenAiAgent implements Agent, AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final OpenAIClient client;
  private final OpenAiConfig config;
  private final Briefings briefings;
  private final OpenAiFailures failures = new OpenAiFailures(Clock.systemUTC());

  /**
   * @param runTimeout longest a run may take
   */
  public OpenAiAgent(OpenAiConfig config, Briefings briefings, Duration runTimeout) {
    this.config = config;
    this.briefings = briefings;
    this.client =
        OpenAIOkHttpClient.builder()
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
    return Provider.OPENAI;
  }

  @Override
  public boolean repeatable() {
    return false;
  }

  @Override
  public AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException {
    Briefing briefing = briefings.brief(run, reporter);
    reporter.log("asks " + config.model() + " at OpenAI");
    CompletionInProgress completion = new CompletionInProgress(config.model(), reporter);
    try (StreamResponse<ChatCompletionChunk> response =
        client.chat().completions().createStreaming(params(briefing.prompt()))) {
      for (Iterator<ChatCompletionChunk> chunks = response.stream().iterator();
          chunks.hasNext(); ) {
        if (!completion.add(chunks.next())) {
          return new AgentResult.Failed(OpenAiFailures.API.tooLarge());
        }
      }
      return completion.result(briefing);
    } catch (OpenAIException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while the model answered");
      }
      return new AgentResult.Failed(failures.of(e));
    } finally {
      completion.reportUsage();
    }
  }

  private ChatCompletionCreateParams params(Prompt prompt) {
    return ChatCompletionCreateParams.builder()
        .model(config.model())
        .maxCompletionTokens(config.maxTokens())
        .addSystemMessage(prompt.system())
        .addUserMessage(prompt.user())
        .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
        .build();
  }

  @Override
  public void close() {
    client.close();
  }
}
