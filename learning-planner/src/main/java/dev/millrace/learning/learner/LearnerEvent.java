package dev.millrace.learning.learner;

import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningPlanRequest;
import dev.millrace.schemas.learning.LearningSignal;
import java.time.Instant;

/** What happens to a learner. */
public sealed interface LearnerEvent {

  /** An event from a topic. */
  sealed interface Received extends LearnerEvent {

    /** The event itself. */
    Cause cause();

    /** When it happened: the timestamp of its record. */
    Instant at();
  }

  /** A learner told what to learn. */
  record IntentSynced(LearningIntent intent, Cause cause, Instant at) implements Received {}

  /** A signal agent said something. */
  record SignalArrived(LearningSignal signal, Cause cause, Instant at) implements Received {}

  /**
   * A learner asks for a plan.
   *
   * @param receivedAt when the app got to know, by its own clock: waiting starts then
   */
  record PlanAsked(LearningPlanRequest request, Cause cause, Instant at, Instant receivedAt)
      implements Received {}

  /** A learner has done a session. */
  record SessionDone(LearningCompletion completion, Cause cause, Instant at) implements Received {}

  /** Time has passed: plans that waited long enough are made. */
  record TimePassed(Instant now) implements LearnerEvent {}
}
