package dev.millrace.worker.openai;

import com.openai.errors.OpenAIInvalidDataException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionChunk.Choice.FinishReason;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.completions.CompletionUsage.PromptTokensDetails;
import dev.millrace.worker.agent.ApiFailures;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.chat.ChatModel.Call;
import dev.millrace.worker.chat.StreamedMessage;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A completion as its chunks arrive. Not for several threads. */
final class CompletionInProgress extends StreamedMessage<ChatCompletionChunk> {

  private final ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
  private String model;
  private @Nullable FinishReason finishReason;
  private @Nullable CompletionUsage usage;
  private boolean refused;
  private boolean called;

  CompletionInProgress(String model, RunReporter reporter) {
    super(OpenAiModel.API, reporter);
    this.model = model;
  }

  @Override
  protected Piece take(ChatCompletionChunk chunk) {
    whole.accumulate(chunk);
    model = chunk.model();
    usage = chunk.usage().orElse(usage);
    StringBuilder text = new StringBuilder();
    StringBuilder arguments = new StringBuilder();
    for (ChatCompletionChunk.Choice choice : chunk.choices()) {
      finishReason = choice.finishReason().orElse(finishReason);
      refused |= choice.delta().refusal().filter(said -> !said.isEmpty()).isPresent();
      called |= choice.delta().toolCalls().filter(calls -> !calls.isEmpty()).isPresent();
      choice.delta().content().ifPresent(text::append);
      choice.delta().toolCalls().orElse(List.of()).stream()
          .flatMap(call -> call.function().stream())
          .flatMap(function -> function.arguments().stream())
          .forEach(arguments::append);
    }
    return new Piece(text.toString(), arguments.toString());
  }

  @Override
  protected Stop stop() {
    if (finishReason == null) {
      return Stop.CUT_OFF;
    }
    if (finishReason.equals(FinishReason.LENGTH)) {
      return Stop.OUT_OF_TOKENS;
    }
    if (refused || finishReason.equals(FinishReason.CONTENT_FILTER)) {
      return Stop.REFUSED;
    }
    // Some servers that speak like OpenAI say "stop" after calls as well.
    return finishReason.equals(FinishReason.TOOL_CALLS) || called ? Stop.CALLS : Stop.DONE;
  }

  /** The whole message, if it is one that calls tools. */
  Optional<ChatCompletionMessage> calling() {
    return stop() == Stop.CALLS ? Optional.of(message()) : Optional.empty();
  }

  private ChatCompletionMessage message() {
    return whole.chatCompletion().choices().getFirst().message();
  }

  @Override
  protected List<Call> calls() {
    return message().toolCalls().orElse(List.of()).stream()
        .flatMap(call -> call.function().stream())
        .map(call -> new Call(call.id(), call.function().name(), call.function().arguments()))
        .toList();
  }

  @Override
  protected String model() {
    return model;
  }

  /** The API says so in the last chunk only. */
  @Override
  protected Optional<TokenUsage> usage() {
    return Optional.ofNullable(usage).map(this::counted);
  }

  /** A count, which servers that only speak like OpenAI may leave out. */
  private static long count(Supplier<Long> tokens) {
    return ApiFailures.given(() -> Optional.of(tokens.get()), OpenAIInvalidDataException.class)
        .orElse(0L);
  }

  private TokenUsage counted(CompletionUsage used) {
    long cacheRead =
        used.promptTokensDetails().flatMap(PromptTokensDetails::cachedTokens).orElse(0L);
    long cacheWrite =
        used.promptTokensDetails().flatMap(PromptTokensDetails::cacheWriteTokens).orElse(0L);
    long input = count(used::promptTokens) - cacheRead - cacheWrite;
    return new TokenUsage(model, input, count(used::completionTokens), cacheRead, cacheWrite);
  }
}
