package dev.millrace.learning.learner;

import dev.millrace.learning.progress.StudyDay;
import dev.millrace.learning.signal.SignalAgent;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plan that waits for signals.
 *
 * @param requestId request that asked for it
 * @param cause event that asked for it
 * @param day day it is for
 * @param hits agents whose signals were fresh when it was asked for
 * @param asked requests to the other agents, by agent
 * @param answered agents that have answered, well or badly
 * @param failed agents that have answered badly
 * @param deadline when it is made with what there is, by the clock of the app
 */
public record PendingPlan(
    String requestId,
    Cause cause,
    StudyDay day,
    int hits,
    Map<SignalAgent, String> asked,
    Set<SignalAgent> answered,
    Set<SignalAgent> failed,
    Instant deadline) {

  public PendingPlan {
    asked = Map.copyOf(asked);
    answered = Set.copyOf(answered);
    failed = Set.copyOf(failed);
  }

  boolean isComplete() {
    return answered.containsAll(asked.keySet());
  }

  boolean awaits(SignalAgent agent) {
    return asked.containsKey(agent) && !answered.contains(agent);
  }

  PendingPlan answeredBy(SignalAgent agent, boolean well) {
    Set<SignalAgent> nowAnswered = new HashSet<>(answered);
    nowAnswered.add(agent);
    Set<SignalAgent> nowFailed = new HashSet<>(failed);
    if (!well) {
      nowFailed.add(agent);
    }
    return new PendingPlan(requestId, cause, day, hits, asked, nowAnswered, nowFailed, deadline);
  }

  /** Whether this is the answer of the agent to what the plan asked it. */
  boolean asked(SignalAgent agent, @Nullable String answeredRequestId) {
    String request = asked.get(agent);
    return request != null && request.equals(answeredRequestId);
  }

  boolean hasFailures() {
    return !failed.isEmpty();
  }
}
