package dev.millrace.worker.openai;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionAssistantMessageParam;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.provider.OpenAiSettings;
import dev.millrace.worker.agent.ApiFailures;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.chat.AnswerLimits;
import dev.millrace.worker.chat.ChatModel;
import dev.millrace.worker.prompt.Prompt;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * A model over OpenAI's Chat Completions API, which many servers speak, streamed. The SDK's own
 * retries are off: each call is one call that is paid for, and when to try again is the router's
 * decision.
 */
public final class OpenAiModel implements ChatModel {

  private static final String MAX_TOKENS = "OPENAI_MAX_TOKENS";
  private static final String READ_TIMEOUT = "OPENAI_READ_TIMEOUT";

  /** How its failures are told. */
  static final ApiFailures API =
      new ApiFailures(
          "OpenAI API",
          OpenAiSettings.KEY,
          OpenAiSettings.MODEL,
          OpenAiSettings.BASE_URL,
          MAX_TOKENS);

  private final OpenAIClient client;
  private final String model;
  private final int maxTokens;

  private OpenAiModel(OpenAiSettings settings, AnswerLimits limits) {
    this.client = settings.streamingClient(limits.silence(), limits.runTimeout()).build();
    this.model = settings.model();
    this.maxTokens = limits.maxTokens();
  }

  /**
   * The model that the variables name.
   *
   * @param runTimeout longest a run may take
   * @throws ConfigurationException if one of them is wrong or missing
   */
  public static OpenAiModel from(Environment environment, Duration runTimeout) {
    return new OpenAiModel(
        OpenAiSettings.from(environment),
        AnswerLimits.from(environment, MAX_TOKENS, READ_TIMEOUT, runTimeout));
  }

  @Override
  public Provider provider() {
    return Provider.OPENAI;
  }

  @Override
  public String label() {
    return model + " at OpenAI";
  }

  @Override
  public Conversation begin(Prompt prompt, List<ToolSpec> tools) {
    ChatCompletionCreateParams.Builder params =
        ChatCompletionCreateParams.builder()
            .model(model)
            .maxCompletionTokens(maxTokens)
            .addSystemMessage(prompt.system())
            .addUserMessage(prompt.user())
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
    tools.forEach(tool -> params.addFunctionTool(function(tool)));
    return new Completions(params);
  }

  private static FunctionDefinition function(ToolSpec spec) {
    return FunctionDefinition.builder()
        .name(spec.name())
        .description(spec.description())
        .parameters(
            FunctionParameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty("properties", JsonValue.from(spec.properties()))
                .putAdditionalProperty("required", JsonValue.from(spec.required()))
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
      CompletionInProgress completion = new CompletionInProgress(model, reporter);
      Reply reply = completion.read(this::stream, OpenAiFailures::of);
      completion.calling().ifPresent(params::addMessage);
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
