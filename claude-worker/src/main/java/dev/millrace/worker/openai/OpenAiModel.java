package dev.millrace.worker.openai;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.Timeout;
import com.openai.core.http.StreamResponse;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionAssistantMessageParam;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.chat.ChatModel;
import dev.millrace.worker.chat.StreamedMessage;
import dev.millrace.worker.prompt.Prompt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A model over OpenAI's Chat Completions API, which many servers speak, streamed. The SDK's own
 * retries are off: each call is one call that is paid for, and when to try again is the router's
 * decision.
 */
public final class OpenAiModel implements ChatModel {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final OpenAIClient client;
  private final OpenAiConfig config;

  /**
   * @param runTimeout longest a run may take
   */
  public OpenAiModel(OpenAiConfig config, Duration runTimeout) {
    this.config = config;
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
  public String label() {
    return config.model() + " at OpenAI";
  }

  @Override
  public Conversation begin(Prompt prompt, List<ToolSpec> tools) {
    ChatCompletionCreateParams.Builder params =
        ChatCompletionCreateParams.builder()
            .model(config.model())
            .maxCompletionTokens(config.maxTokens())
            .addSystemMessage(prompt.system())
            .addUserMessage(prompt.user())
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
    tools.forEach(tool -> params.addFunctionTool(function(tool)));
    return new Completions(params);
  }

  private static FunctionDefinition function(ToolSpec spec) {
    Map<String, Object> properties = new TreeMap<>();
    spec.parameters()
        .forEach((name, description) ->
            properties.put(name, Map.of("type", "string", "description", description)));
    return FunctionDefinition.builder()
        .name(spec.name())
        .description(spec.description())
        .parameters(
            FunctionParameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty("properties", JsonValue.from(properties))
                .putAdditionalProperty(
                    "required",
                    JsonValue.from(spec.parameters().keySet().stream().sorted().toList()))
                .build())
        .build();
  }

  /** The completions of one run so far. */
  private final class Completions implements Conversation {

    private final ChatCompletionCreateParams.Builder params;

    Completions(ChatCompletionCreateParams.Builder params) {
      this.params = params;
    }

    @Override
    public Reply next(RunReporter reporter) throws InterruptedException {
      CompletionInProgress completion = new CompletionInProgress(config.model(), reporter);
      Reply reply =
          StreamedMessage.read(completion, OpenAiFailures.API, this::stream, OpenAiFailures::of);
      completion.calls().ifPresent(params::addMessage);
      return reply;
    }

    private boolean stream(Predicate<ChatCompletionChunk> taker) {
      try (StreamResponse<ChatCompletionChunk> response =
          client.chat().completions().createStreaming(params.build())) {
        return response.stream().allMatch(taker);
      }
    }

    @Override
    public void reject(String answer, String complaint) {
      params.addMessage(ChatCompletionAssistantMessageParam.builder().content(answer).build());
      params.addUserMessage(complaint);
    }

    @Override
    public void answer(List<ToolResult> results) {
      results.forEach(result ->
          params.addMessage(
              ChatCompletionToolMessageParam.builder()
                  .toolCallId(result.callId())
                  .content(result.content())
                  .build()));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
