package dev.millrace.worker.openai;

import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionChunk.Choice.FinishReason;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.completions.CompletionUsage.PromptTokensDetails;
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

/** A completion as its chunks arrive. Not for several threads. */
final class CompletionInProgress implements StreamedMessage<ChatCompletionChunk> {

  private final RunReporter reporter;
  private final Answer answer;
  private final ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
  private long bytes;
  private String model;
  private @Nullable FinishReason finishReason;
  private @Nullable CompletionUsage usage;
  private boolean refused;

  CompletionInProgress(String model, RunReporter reporter) {
    this.model = model;
    this.reporter = reporter;
    this.answer = new Answer(reporter);
  }

  @Override
  public boolean add(ChatCompletionChunk chunk) {
    whole.accumulate(chunk);
    model = chunk.model();
    usage = chunk.usage().orElse(usage);
    for (ChatCompletionChunk.Choice choice : chunk.choices()) {
      finishReason = choice.finishReason().orElse(finishReason);
      refused |= choice.delta().refusal().filter(text -> !text.isEmpty()).isPresent();
      bytes += argumentsIn(choice);
      if (bytes > AgentResult.MAX_BYTES
          || !choice.delta().content().map(answer::append).orElse(true)) {
        return false;
      }
    }
    return true;
  }

  private static long argumentsIn(ChatCompletionChunk.Choice choice) {
    return choice.delta().toolCalls().orElse(List.of()).stream()
        .flatMap(call -> call.function().stream())
        .flatMap(function -> function.arguments().stream())
        .mapToLong(String::length)
        .sum();
  }

  /** The whole message, if it is one that calls tools. */
  Optional<ChatCompletionMessage> calls() {
    return FinishReason.TOOL_CALLS.equals(finishReason)
        ? Optional.of(whole.chatCompletion().choices().getFirst().message())
        : Optional.empty();
  }

  @Override
  public Reply reply() {
    String text = answer.end();
    if (finishReason == null) {
      return new Reply.Broke(OpenAiModel.API.cutOff());
    }
    if (finishReason.equals(FinishReason.LENGTH)) {
      return new Reply.Broke(OpenAiModel.API.outOfTokens());
    }
    if (refused || finishReason.equals(FinishReason.CONTENT_FILTER)) {
      return new Reply.Broke(OpenAiModel.API.refused());
    }
    Optional<ChatCompletionMessage> calls = calls();
    if (calls.isPresent()) {
      return toolCalls(calls.get());
    }
    return text.isBlank()
        ? new Reply.Broke(OpenAiModel.API.malformed("a completion without text"))
        : new Reply.Said(text, model);
  }

  private static Reply toolCalls(ChatCompletionMessage message) {
    List<Call> calls =
        message.toolCalls().orElse(List.of()).stream()
            .flatMap(call -> call.function().stream())
            .map(call -> new Call(call.id(), call.function().name(), call.function().arguments()))
            .toList();
    return calls.isEmpty()
        ? new Reply.Broke(OpenAiModel.API.malformed("a call of no tool"))
        : new Reply.Calls(calls);
  }

  /** The API says so in the last chunk only. */
  @Override
  public void reportUsage() {
    if (usage == null) {
      return;
    }
    long cacheRead =
        usage.promptTokensDetails().flatMap(PromptTokensDetails::cachedTokens).orElse(0L);
    long cacheWrite =
        usage.promptTokensDetails().flatMap(PromptTokensDetails::cacheWriteTokens).orElse(0L);
    long input = Math.max(0, usage.promptTokens() - cacheRead - cacheWrite);
    reporter.usage(new TokenUsage(model, input, usage.completionTokens(), cacheRead, cacheWrite));
  }
}
