package dev.millrace.learning.learner;

import java.util.ArrayList;
import java.util.List;

/**
 * What an event leads to.
 *
 * @param state the learner after it
 * @param outputs events that follow, in order
 */
public record Transition(LearnerState state, List<Output> outputs) {

  public Transition {
    outputs = List.copyOf(outputs);
  }

  static Transition to(LearnerState state) {
    return new Transition(state, List.of());
  }

  Transition with(LearnerState newState, Output... more) {
    List<Output> all = new ArrayList<>(outputs);
    all.addAll(List.of(more));
    return new Transition(newState, all);
  }

  Transition after(Transition earlier) {
    List<Output> all = new ArrayList<>(earlier.outputs());
    all.addAll(outputs);
    return new Transition(state, all);
  }
}
