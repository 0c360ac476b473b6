package dev.millrace.learning.plan;

import dev.millrace.learning.progress.StudyDay;
import dev.millrace.learning.signal.SignalAgent;
import dev.millrace.learning.signal.SignalContent;
import java.util.List;

/**
 * What a plan is made from.
 *
 * @param topic subject
 * @param depth surface, informed or deep
 * @param endGoal what the learner wants to be able to do
 * @param learningStyle preference in the learner's words, empty if none
 * @param minutes time of the day
 * @param day the day it is for
 * @param signals what the agents say, in the order in which they are listened to
 * @param degraded whether agents failed or had no usable signal
 */
public record PlanInput(
    String topic,
    String depth,
    String endGoal,
    String learningStyle,
    int minutes,
    StudyDay day,
    List<AgentSignal> signals,
    boolean degraded) {

  /** What one agent says. */
  public record AgentSignal(SignalAgent agent, SignalContent content) {}

  public PlanInput {
    signals = List.copyOf(signals);
    if (minutes < 1) {
      throw new IllegalArgumentException("minutes: expected 1 or more, found " + minutes);
    }
  }
}
