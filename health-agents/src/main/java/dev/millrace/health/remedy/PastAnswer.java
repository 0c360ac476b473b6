package dev.millrace.health.remedy;

import dev.millrace.runtime.failure.Texts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person decided on an escalation.
 *
 * @param anomalyType what was wrong
 * @param proposed the action that was proposed, if any
 * @param approved whether it was to be executed
 * @param action the action to execute instead, if the person named one
 * @param comment why, in the words of the person
 * @param at when
 */
public record PastAnswer(
    String anomalyType,
    @Nullable String proposed,
    boolean approved,
    @Nullable String action,
    @Nullable String comment,
    Instant at) {

  private static final int MAX_COMMENT_LENGTH = 500;

  public PastAnswer {
    comment = comment == null ? null : Texts.shorten(comment, MAX_COMMENT_LENGTH);
  }

  /** Whether it says no to this action for such an anomaly: nothing was to be done, or another. */
  boolean rejects(String otherType, String otherAction) {
    return anomalyType.equals(otherType)
        && otherAction.equals(proposed)
        && (!approved || (action != null && !action.equals(proposed)));
  }
}
