package dev.millrace.worker.anthropic;

import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.InputJsonDelta;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageDeltaUsage;
import com.anthropic.models.messages.RawContentBlockDelta;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.TextDelta;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.messages.Usage;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.chat.ChatModel.Call;
import dev.millrace.worker.chat.StreamedMessage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message as its events arrive: text, tokens, and why it stopped. Not for several threads. */
final class MessageInProgress extends StreamedMessage<RawMessageStreamEvent> {

  private final MessageAccumulator whole = MessageAccumulator.create();
  private String model;
  private boolean started;
  private boolean stopped;
  private @Nullable StopReason stopReason;
  private long inputTokens;
  private long outputTokens;
  private long cacheReadTokens;
  private long cacheWriteTokens;

  MessageInProgress(String model, RunReporter reporter) {
    super(AnthropicModel.API, reporter);
    this.model = model;
  }

  @Override
  protected Piece take(RawMessageStreamEvent event) {
    whole.accumulate(event);
    event
        .messageStart()
        .ifPresent(start -> {
          started = true;
          model = start.message().model().asString();
          count(start.message().usage());
        });
    event
        .messageDelta()
        .ifPresent(delta -> {
          count(delta.usage());
          stopReason = delta.delta().stopReason().orElse(stopReason);
        });
    stopped |= event.isMessageStop();
    Optional<RawContentBlockDelta> delta = event.contentBlockDelta().map(block -> block.delta());
    return new Piece(
        delta.flatMap(RawContentBlockDelta::text).map(TextDelta::text).orElse(""),
        delta.flatMap(RawContentBlockDelta::inputJson).map(InputJsonDelta::partialJson).orElse(""));
  }

  private void count(Usage usage) {
    inputTokens = usage.inputTokens();
    outputTokens = usage.outputTokens();
    cacheReadTokens = usage.cacheReadInputTokens().orElse(0L);
    cacheWriteTokens = usage.cacheCreationInputTokens().orElse(0L);
  }

  /** The counts of a delta are those of the whole message so far. */
  private void count(MessageDeltaUsage usage) {
    outputTokens = usage.outputTokens();
    inputTokens = usage.inputTokens().orElse(inputTokens);
    cacheReadTokens = usage.cacheReadInputTokens().orElse(cacheReadTokens);
    cacheWriteTokens = usage.cacheCreationInputTokens().orElse(cacheWriteTokens);
  }

  @Override
  protected Stop stop() {
    if (!stopped) {
      return Stop.CUT_OFF;
    }
    if (StopReason.MAX_TOKENS.equals(stopReason)) {
      return Stop.OUT_OF_TOKENS;
    }
    if (StopReason.MODEL_CONTEXT_WINDOW_EXCEEDED.equals(stopReason)) {
      return Stop.OUT_OF_CONTEXT;
    }
    if (StopReason.REFUSAL.equals(stopReason)) {
      return Stop.REFUSED;
    }
    return StopReason.TOOL_USE.equals(stopReason) ? Stop.CALLS : Stop.DONE;
  }

  /** The whole message, if it is one that calls tools. */
  Optional<Message> calling() {
    return stop() == Stop.CALLS ? Optional.of(whole.message()) : Optional.empty();
  }

  @Override
  protected List<Call> calls() {
    return whole.message().content().stream()
        .flatMap(block -> block.toolUse().stream())
        .map(use -> new Call(use.id(), use.name(), json(use)))
        .toList();
  }

  private static String json(ToolUseBlock use) {
    JsonNode input = use._input().convert(JsonNode.class);
    return input == null ? "{}" : input.toString();
  }

  @Override
  protected String model() {
    return model;
  }

  @Override
  protected Optional<TokenUsage> usage() {
    return started
        ? Optional.of(
            new TokenUsage(model, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens))
        : Optional.empty();
  }
}
