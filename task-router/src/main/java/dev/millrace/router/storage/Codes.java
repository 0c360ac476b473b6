package dev.millrace.router.storage;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.queue.QueueStatus.Pause;
import dev.millrace.router.queue.Stage.Outcome;
import dev.millrace.router.queue.Timer;
import dev.millrace.schemas.task.Priority;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers under which values stand in rows and keys. They stay what they are, whatever becomes of
 * the order in which the values are declared.
 */
final class Codes<E extends Enum<E>> {

  /** In the order in which lines are served, because keys are ordered by it. */
  static final Codes<Priority> PRIORITY =
      new Codes<>(
          Map.of(Priority.CRITICAL, 0, Priority.HIGH, 1, Priority.MEDIUM, 2, Priority.LOW, 3));

  static final Codes<Timer.Kind> TIMER =
      new Codes<>(
          Map.of(
              Timer.Kind.RETRY, 0,
              Timer.Kind.DEADLINE, 1,
              Timer.Kind.FORGET, 2,
              Timer.Kind.COMMAND, 3,
              Timer.Kind.APPROVAL, 4));

  static final Codes<Outcome> OUTCOME =
      new Codes<>(
          Map.of(
              Outcome.COMPLETED, 0,
              Outcome.FAILED, 1,
              Outcome.CANCELLED, 2,
              Outcome.EXPIRED, 3,
              Outcome.MOVED, 4));

  static final Codes<Circuit.State> CIRCUIT =
      new Codes<>(
          Map.of(Circuit.State.CLOSED, 0, Circuit.State.OPEN, 1, Circuit.State.HALF_OPEN, 2));

  static final Codes<Pause> PAUSE =
      new Codes<>(Map.of(Pause.EVERYTHING, 0, Pause.QUEUE, 1, Pause.AGENT, 2));

  private final Map<E, Integer> codes;
  private final Map<Integer, E> values = new HashMap<>();

  private Codes(Map<E, Integer> codes) {
    this.codes = codes;
    codes.forEach((value, code) -> values.put(code, value));
  }

  int of(E value) {
    Integer code = codes.get(value);
    if (code == null) {
      throw new IllegalStateException(value + " has no number to be stored under");
    }
    return code;
  }

  E at(int code) {
    E value = values.get(code);
    if (value == null) {
      throw new IllegalStateException(
          "expected one of " + values + ", found " + code + "; a newer release wrote it");
    }
    return value;
  }
}
