package dev.millrace.worker.chat;

import dev.millrace.runtime.config.Environment;
import java.time.Duration;

/**
 * How much a model may write in an answer, and how long it may be silent meanwhile.
 *
 * @param maxTokens tokens of an answer at most, those of its reasoning included
 * @param silence longest time in which nothing comes
 * @param runTimeout longest a run may take
 */
public record AnswerLimits(int maxTokens, Duration silence, Duration runTimeout) {

  private static final int DEFAULT_MAX_TOKENS = 16_000;
  private static final int MAX_TOKENS = 1_000_000;
  private static final Duration DEFAULT_SILENCE = Duration.ofMinutes(2);

  /** Reads the limits from the variables of these names. */
  public static AnswerLimits from(
      Environment environment,
      String maxTokensVariable,
      String silenceVariable,
      Duration runTimeout) {
    return new AnswerLimits(
        environment.integer(maxTokensVariable, DEFAULT_MAX_TOKENS, 1, MAX_TOKENS),
        environment.duration(silenceVariable, DEFAULT_SILENCE),
        runTimeout);
  }
}
