package dev.millrace.runtime.health;

/** Tells whether one thing an app needs is there. */
@FunctionalInterface
public interface HealthCheck {

  /** Looks; takes at most a few seconds. */
  Health check();

  /** What was found. */
  sealed interface Health {
    /** It is there. */
    record Up() implements Health {}

    /** It is not; the reason says what was expected and found. */
    record Down(String reason) implements Health {}

    Health UP = new Up();

    static Health down(String reason) {
      return new Down(reason);
    }
  }
}
