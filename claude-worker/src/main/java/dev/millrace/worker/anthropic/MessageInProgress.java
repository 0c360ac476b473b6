package dev.millrace.worker.anthropic;

import com.anthropic.models.messages.MessageDeltaUsage;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Usage;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.Answer;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.prompt.Briefing;
import org.jspecify.annotations.Nullable;

/** A message as its events arrive: text, tokens, and why it stopped. Not for several threads. */
final class MessageInProgress {

  private final RunReporter reporter;
  private final Answer answer;
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

  /** Takes an event; false when the answer is too large. */
  boolean add(RawMessageStreamEvent event) {
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

  /** What the run makes of the message after the last event. */
  AgentResult result(Briefing briefing) {
    String text = answer.end();
    if (!stopped) {
      return new AgentResult.Failed(AnthropicFailures.API.cutOff());
    }
    if (StopReason.MAX_TOKENS.equals(stopReason)) {
      return new AgentResult.Failed(AnthropicFailures.API.outOfTokens(AnthropicConfig.MAX_TOKENS));
    }
    if (StopReason.REFUSAL.equals(stopReason)) {
      return new AgentResult.Failed(AnthropicFailures.API.refused());
    }
    if (StopReason.MODEL_CONTEXT_WINDOW_EXCEEDED.equals(stopReason)) {
      return new AgentResult.Failed(
          AnthropicFailures.API.ofStatus(413, "the context window is full", "", null));
    }
    return text.isBlank()
        ? new AgentResult.Failed(AnthropicFailures.API.malformed("a message without text"))
        : briefing.completed(text, model);
  }

  /** Reports what was used, also by a message that broke off: it is paid for as well. */
  void reportUsage() {
    if (started) {
      reporter.usage(
          new TokenUsage(model, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens));
    }
  }
}
