package dev.millrace.worker.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.Timeout;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.CacheControlEphemeral;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.chat.ChatModel;
import dev.millrace.worker.chat.StreamedMessage;
import dev.millrace.worker.prompt.Prompt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A Claude model over the Messages API, streamed. The system prompt is marked for the provider's
 * prompt cache. The SDK's own retries are off: each call is one call that is paid for, and when to
 * try again is the router's decision.
 */
public final class AnthropicModel implements ChatModel {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final AnthropicClient client;
  private final AnthropicConfig config;

  /**
   * @param runTimeout longest a run may take
   */
  public AnthropicModel(AnthropicConfig config, Duration runTimeout) {
    this.config = config;
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
  public String label() {
    return config.model() + " at Anthropic";
  }

  @Override
  public Conversation begin(Prompt prompt, List<ToolSpec> tools) {
    MessageCreateParams.Builder params =
        MessageCreateParams.builder()
            .model(config.model())
            .maxTokens(config.maxTokens())
            .systemOfTextBlockParams(
                List.of(
                    TextBlockParam.builder()
                        .text(prompt.system())
                        .cacheControl(CacheControlEphemeral.builder().build())
                        .build()))
            .addUserMessage(prompt.user());
    tools.forEach(tool -> params.addTool(tool(tool)));
    return new Messages(params);
  }

  private static Tool tool(ToolSpec spec) {
    Tool.InputSchema.Properties.Builder properties = Tool.InputSchema.Properties.builder();
    spec.parameters()
        .forEach((name, description) ->
            properties.putAdditionalProperty(
                name, JsonValue.from(Map.of("type", "string", "description", description))));
    return Tool.builder()
        .name(spec.name())
        .description(spec.description())
        .inputSchema(
            Tool.InputSchema.builder()
                .properties(properties.build())
                .required(spec.parameters().keySet().stream().sorted().toList())
                .build())
        .build();
  }

  /** The messages of one run so far. */
  private final class Messages implements Conversation {

    private final MessageCreateParams.Builder params;

    Messages(MessageCreateParams.Builder params) {
      this.params = params;
    }

    @Override
    public Reply next(RunReporter reporter) throws InterruptedException {
      MessageInProgress message = new MessageInProgress(config.model(), reporter);
      Reply reply =
          StreamedMessage.read(message, AnthropicFailures.API, this::stream, AnthropicFailures::of);
      message.calls().ifPresent(params::addMessage);
      return reply;
    }

    private boolean stream(Predicate<RawMessageStreamEvent> taker) {
      try (StreamResponse<RawMessageStreamEvent> response =
          client.messages().createStreaming(params.build())) {
        return response.stream().allMatch(taker);
      }
    }

    @Override
    public void reject(String answer, String complaint) {
      params.addAssistantMessage(answer);
      params.addUserMessage(complaint);
    }

    @Override
    public void answer(List<ToolResult> results) {
      params.addUserMessageOfContentBlockParams(
          results.stream()
              .map(result ->
                  ContentBlockParam.ofToolResult(
                      ToolResultBlockParam.builder()
                          .toolUseId(result.callId())
                          .content(result.content())
                          .isError(!result.succeeded())
                          .build()))
              .toList());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
