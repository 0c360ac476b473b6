package dev.millrace.worker.openai;

import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionChunk.Choice.FinishReason;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.completions.CompletionUsage.PromptTokensDetails;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.Answer;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.prompt.Briefing;
import org.jspecify.annotations.Nullable;

/** A completion as its chunks arrive. Not for several threads. */
final class CompletionInProgress {

  private final RunReporter reporter;
  private final Answer answer;
  private String model;
  private @Nullable FinishReason finishReason;
  private @Nullable CompletionUsage usage;
  private boolean refused;

  CompletionInProgress(String model, RunReporter reporter) {
    this.model = model;
    this.reporter = reporter;
    this.answer = new Answer(reporter);
  }

  /** Takes a chunk; false when the answer is too large. */
  boolean add(ChatCompletionChunk chunk) {
    model = chunk.model();
    usage = chunk.usage().orElse(usage);
    for (ChatCompletionChunk.Choice choice : chunk.choices()) {
      finishReason = choice.finishReason().orElse(finishReason);
      refused |= choice.delta().refusal().filter(text -> !text.isEmpty()).isPresent();
      if (!choice.delta().content().map(answer::append).orElse(true)) {
        return false;
      }
    }
    return true;
  }

  /** What the run makes of the completion after the last chunk. */
  AgentResult result(Briefing briefing) {
    String text = answer.end();
    if (finishReason == null) {
      return new AgentResult.Failed(OpenAiFailures.API.cutOff());
    }
    if (finishReason.equals(FinishReason.LENGTH)) {
      return new AgentResult.Failed(OpenAiFailures.API.outOfTokens(OpenAiConfig.MAX_TOKENS));
    }
    if (refused || finishReason.equals(FinishReason.CONTENT_FILTER)) {
      return new AgentResult.Failed(OpenAiFailures.API.refused());
    }
    return text.isBlank()
        ? new AgentResult.Failed(OpenAiFailures.API.malformed("a completion without text"))
        : briefing.completed(text, model);
  }

  /** Reports what was used; the API says so in the last chunk only. */
  void reportUsage() {
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
