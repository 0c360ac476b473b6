package dev.millrace.worker.anthropic;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.models.messages.CacheControlEphemeral;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.provider.AnthropicSettings;
import dev.millrace.worker.agent.ApiFailures;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.chat.AnswerLimits;
import dev.millrace.worker.chat.ChatModel;
import dev.millrace.worker.prompt.Prompt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A Claude model over the Messages API, streamed. The system prompt is marked for the provider's
 * prompt cache, and once tools are called all that was said: the next call says it again. The SDK's
 * own retries are off: each call is one call that is paid for, and when to try again is the
 * router's decision.
 */
public final class AnthropicModel implements ChatModel {

  private static final String MAX_TOKENS = "ANTHROPIC_MAX_TOKENS";
  private static final String READ_TIMEOUT = "ANTHROPIC_READ_TIMEOUT";

  /** How its failures are told. */
  static final ApiFailures API =
      new ApiFailures(
          "Claude API",
          AnthropicSettings.KEY,
          AnthropicSettings.MODEL,
          AnthropicSettings.BASE_URL,
          MAX_TOKENS);

  private final AnthropicClient client;
  private final String model;
  private final int maxTokens;

  private AnthropicModel(AnthropicSettings settings, AnswerLimits limits) {
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
  public static AnthropicModel from(Environment environment, Duration runTimeout) {
    return new AnthropicModel(
        AnthropicSettings.from(environment),
        AnswerLimits.from(environment, MAX_TOKENS, READ_TIMEOUT, runTimeout));
  }

  @Override
  public Provider provider() {
    return Provider.ANTHROPIC;
  }

  @Override
  public String label() {
    return model + " at Anthropic";
  }

  @Override
  public Conversation begin(Prompt prompt, List<ToolSpec> tools) {
    MessageCreateParams.Builder params =
        MessageCreateParams.builder()
            .model(model)
            .maxTokens(maxTokens)
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
    spec.properties()
        .forEach((name, schema) -> properties.putAdditionalProperty(name, JsonValue.from(schema)));
    return Tool.builder()
        .name(spec.name())
        .description(spec.description())
        .inputSchema(
            Tool.InputSchema.builder()
                .properties(properties.build())
                .required(spec.required())
                .build())
        .build();
  }

  /** The messages of one run so far. */
  private final class Messages implements Conversation {

    private final MessageCreateParams.Builder params;

    /** Of the last message: they alone are marked, as the provider takes few marks. */
    private List<ToolResult> latest = List.of();

    Messages(MessageCreateParams.Builder params) {
      this.params = params;
    }

    @Override
    public Reply next(RunReporter reporter) throws InterruptedException {
      MessageInProgress message = new MessageInProgress(model, reporter);
      Reply reply = message.read(this::stream, AnthropicFailures::of);
      keepLatest();
      message.calling().ifPresent(params::addMessage);
      return reply;
    }

    private boolean stream(Predicate<RawMessageStreamEvent> taker) {
      try (StreamResponse<RawMessageStreamEvent> response =
          client.messages().createStreaming(asked())) {
        return response.stream().allMatch(taker);
      }
    }

    private MessageCreateParams asked() {
      MessageCreateParams before = params.build();
      return latest.isEmpty()
          ? before
          : before.toBuilder().addUserMessageOfContentBlockParams(blocks(latest, true)).build();
    }

    private void keepLatest() {
      if (!latest.isEmpty()) {
        params.addUserMessageOfContentBlockParams(blocks(latest, false));
        latest = List.of();
      }
    }

    @Override
    public void reject(String answer, String complaint) {
      params.addAssistantMessage(answer);
      params.addUserMessage(complaint);
    }

    @Override
    public void answer(List<ToolResult> results) {
      latest = List.copyOf(results);
    }
  }

  /**
   * @param marked whether everything up to the last of them is to be cached
   */
  private static List<ContentBlockParam> blocks(List<ToolResult> results, boolean marked) {
    List<ContentBlockParam> blocks = new ArrayList<>();
    for (ToolResult result : results) {
      ToolResultBlockParam.Builder block =
          ToolResultBlockParam.builder()
              .toolUseId(result.callId())
              .content(result.content())
              .isError(!result.succeeded());
      if (marked && blocks.size() == results.size() - 1) {
        block.cacheControl(CacheControlEphemeral.builder().build());
      }
      blocks.add(ContentBlockParam.ofToolResult(block.build()));
    }
    return blocks;
  }

  @Override
  public void close() {
    client.close();
  }
}
