package dev.millrace.worker.anthropic;

import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageDeltaUsage;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.messages.Usage;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.Answer;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.chat.ChatModel.Call;
import dev.millrace.worker.chat.ChatModel.Reply;
import dev.millrace.worker.chat.StreamedMessage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A message as its events arrive: text, tokens, and why it stopped. Not for several threads. */
final class MessageInProgress implements StreamedMessage<RawMessageStreamEvent> {

  private final RunReporter reporter;
  private final Answer answer;
  private final MessageAccumulator whole = MessageAccumulator.create();
  private long bytes;
  private String model;
  private boolean started;
  private boolean stopped;
  private @Nullable StopReason stopReason;
  private long inputTokens;
  private long outputTokens;
  private long cacheReadTokens;
  private long cacheWriteTokens;

  MessageInProgress(String model, RunReporter reporter) {
    this.model = model;
    this.reporter = reporter;
    this.answer = new Answer(reporter);
  }

  @Override
  public boolean add(RawMessageStreamEvent event) {
    whole.accumulate(event);
    bytes +=
        event
            .contentBlockDelta()
            .flatMap(delta -> delta.delta().inputJson())
            .map(input -> input.partialJson().length())
            .orElse(0);
    if (bytes > AgentResult.MAX_BYTES) {
      return false;
    }
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
    if (event.isMessageStop()) {
      stopped = true;
    }
    return event
        .contentBlockDelta()
        .flatMap(delta -> delta.delta().text())
        .map(text -> answer.append(text.text()))
        .orElse(true);
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

  /** The whole message, if it is one that calls tools. */
  Optional<Message> calls() {
    return stopped && StopReason.TOOL_USE.equals(stopReason)
        ? Optional.of(whole.message())
        : Optional.empty();
  }

  @Override
  public Reply reply() {
    String text = answer.end();
    if (!stopped) {
      return new Reply.Broke(AnthropicModel.API.cutOff());
    }
    if (StopReason.MAX_TOKENS.equals(stopReason)) {
      return new Reply.Broke(AnthropicModel.API.outOfTokens());
    }
    if (StopReason.REFUSAL.equals(stopReason)) {
      return new Reply.Broke(AnthropicModel.API.refused());
    }
    if (StopReason.MODEL_CONTEXT_WINDOW_EXCEEDED.equals(stopReason)) {
      return new Reply.Broke(
          AnthropicModel.API.ofStatus(413, "the context window is full", "", null));
    }
    Optional<Message> calls = calls();
    if (calls.isPresent()) {
      return toolCalls(calls.get());
    }
    return text.isBlank()
        ? new Reply.Broke(AnthropicModel.API.malformed("a message without text"))
        : new Reply.Said(text, model);
  }

  private static Reply toolCalls(Message message) {
    List<Call> calls =
        message.content().stream()
            .flatMap(block -> block.toolUse().stream())
            .map(use -> new Call(use.id(), use.name(), json(use)))
            .toList();
    return calls.isEmpty()
        ? new Reply.Broke(AnthropicModel.API.malformed("a call of no tool"))
        : new Reply.Calls(calls);
  }

  private static String json(ToolUseBlock use) {
    JsonNode input = use._input().convert(JsonNode.class);
    return input == null ? "{}" : input.toString();
  }

  @Override
  public void reportUsage() {
    if (started) {
      reporter.usage(
          new TokenUsage(model, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens));
    }
  }
}
