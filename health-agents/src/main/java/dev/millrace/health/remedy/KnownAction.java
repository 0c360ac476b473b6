package dev.millrace.health.remedy;

import java.util.Arrays;
import java.util.Locale;

/** What may be done about an anomaly; an analysis proposes one of these, or none. */
public enum KnownAction {
  RESTART_SERVICE("ends the service and starts it again; requests fail meanwhile"),
  CLEAR_CACHE("gives back the memory of its caches; it is slower for a while"),
  PAUSE_SERVICE("takes it out of service, so that others do not fail with it; it stays paused");

  private final String effect;

  KnownAction(String effect) {
    this.effect = effect;
  }

  /** Its name in events, for example {@code clear_cache}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it does, in words. */
  public String effect() {
    return effect;
  }

  /** Whether an action of this name is known. */
  static boolean isKnown(String code) {
    return Arrays.stream(values()).anyMatch(action -> action.code().equals(code));
  }
}
