package dev.millrace.schemas.event;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Side effects that a replay does not have again, unless it is asked for by name. */
public enum Effect {
  /** Runs of agents and other calls of models. */
  MODEL_CALLS,
  /** Commits to repositories. */
  COMMITS,
  /** Actions on watched services. */
  REMEDIATIONS,
  /** Calls of platforms and of other agents outside. */
  NOTIFICATIONS;

  /** Its name in requests and headers, for example {@code model-calls}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The effect of this name. */
  public static Optional<Effect> of(String code) {
    return Arrays.stream(values()).filter(effect -> effect.code().equals(code)).findFirst();
  }
}
