package dev.millrace.knowledge.answer;

import org.jspecify.annotations.Nullable;

/**
 * An answer, and who gave it.
 *
 * @param answer the answer
 * @param mode {@link #EXTRACTIVE}, or {@code model:} and the name of the model that wrote it
 * @param note why it was not the model that was to write it, where that is so
 */
public record Answered(Answer answer, String mode, @Nullable String note) {

  /** Sentences of the sources, no words of a model. */
  public static final String EXTRACTIVE = "offline-extractive";

  /** An answer in sentences of the sources. */
  public static Answered extractive(Answer answer) {
    return new Answered(answer, EXTRACTIVE, null);
  }
}
