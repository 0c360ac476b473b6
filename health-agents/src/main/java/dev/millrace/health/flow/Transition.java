package dev.millrace.health.flow;

import java.util.List;

/**
 * What an event leads to.
 *
 * @param state what the agent knows of the project after it
 * @param outputs events that follow, in order
 */
public record Transition<S>(S state, List<Output> outputs) {

  public Transition {
    outputs = List.copyOf(outputs);
  }

  /** Nothing follows. */
  public static <S> Transition<S> to(S state) {
    return new Transition<>(state, List.of());
  }
}
