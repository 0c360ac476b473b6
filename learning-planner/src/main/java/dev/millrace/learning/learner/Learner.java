package dev.millrace.learning.learner;

import dev.millrace.learning.plan.PlanGenerator;
import dev.millrace.learning.progress.NextDayHint;
import dev.millrace.learning.progress.Progress;
import dev.millrace.learning.signal.CachedSignal;
import dev.millrace.learning.signal.SignalAgent;
import dev.millrace.learning.signal.SignalContent;
import dev.millrace.runtime.validation.EventFields;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.runtime.validation.LearningEvents;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningOutcome;
import dev.millrace.schemas.learning.LearningSignal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a learner when something happens: a function of the state and the event, and of
 * nothing else.
 */
public final class Learner {

  /** Signals that come more often than this change no status: it says nearly the same. */
  private static final Duration REPORT_INTERVAL = Duration.ofMinutes(1);

  private final LearnerRules rules;
  private final Planning planning;

  public Learner(LearnerRules rules, PlanGenerator generator) {
    this.rules = rules;
    this.planning = new Planning(rules, generator);
  }

  /**
   * The learner after the event, and what follows from it. An event that was processed before
   * changes nothing.
   *
   * @throws InvalidEventException if the event makes no sense
   */
  public Transition apply(String userId, LearnerState state, LearnerEvent event) {
    return switch (event) {
      case LearnerEvent.IntentSynced e ->
          once(state, e.cause().eventId(), known -> intent(userId, known, e));
      case LearnerEvent.PlanAsked e ->
          once(
              state, "plan/" + e.request().getRequestId(), known -> planning.ask(userId, known, e));
      case LearnerEvent.SessionDone e ->
          once(state, e.cause().eventId(), known -> completion(userId, known, e));
      case LearnerEvent.SignalArrived e -> signal(userId, state, e);
      case LearnerEvent.TimePassed(Instant now) -> planning.finishDue(userId, state, now, now);
    };
  }

  private static Transition once(
      LearnerState state, String eventId, Function<LearnerState, Transition> step) {
    return state.knows(eventId) ? Transition.to(state) : step.apply(state.remembering(eventId));
  }

  private Transition intent(String userId, LearnerState state, LearnerEvent.IntentSynced event) {
    LearningIntent told = event.intent();
    Intent intent = state.aged(Intent.of(told, event.at()));
    Intent active = state.intent();
    Transition settled = Transition.to(state);
    LearnerState updated = state;
    if (told.getActive()) {
      if (state.isAboutAnotherThan(intent.topic())) {
        // What was asked for under the earlier topic is planned for that one.
        settled = planning.finishAll(userId, state, event.at());
      }
      updated = settled.state().withIntent(intent, event.at());
    } else if (active != null && active.id().equals(intent.id())) {
      updated = state.withoutIntent();
    }
    return report(
            userId, updated, event, event.at(), StatusReport.Answer.accepted(told.getRequestId()))
        .after(settled);
  }

  private Transition signal(String userId, LearnerState state, LearnerEvent.SignalArrived event) {
    LearningSignal signal = event.signal();
    SignalAgent agent =
        SignalAgent.find(signal.getAgent())
            .orElseThrow(
                () -> new InvalidEventException("agent: expected one of " + SignalAgent.names()));
    EventFields.requireShort("etag", signal.getEtag());
    EventFields.requireShort("code", signal.getCode());
    Instant observedAt =
        EventFields.timeNotAfter("observed_at", signal.getObservedAt(), event.at());
    CachedSignal told = cached(state.signal(agent), signal, observedAt);
    if (!isAboutSubject(state, agent, signal, observedAt)) {
      return Transition.to(state);
    }
    LearnerState heard = state.withSignal(agent, told);
    List<PendingPlan> pending =
        heard.pending().stream()
            .map(plan -> answer(plan, agent, signal, heard, event.at()))
            .toList();
    Transition finished =
        planning.finishDue(userId, heard.withPending(pending), event.at(), Instant.MIN);
    return finished.outputs().isEmpty() && isWorthReporting(heard, agent)
        ? report(userId, finished.state(), event, event.at(), StatusReport.Answer.NOBODY)
        : finished;
  }

  /**
   * Whether a signal is about what the learner learns now: by the intent that it names, else by the
   * time at which it was true. What was true before the learner had any intent is about the first.
   */
  private static boolean isAboutSubject(
      LearnerState state, SignalAgent agent, LearningSignal signal, Instant observedAt) {
    if (state.pending().stream().anyMatch(plan -> plan.asked(agent, signal.getRequestId()))) {
      return true;
    }
    Intent active = state.intent();
    if (active != null && signal.getIntentId() != null) {
      return signal.getIntentId().equals(active.id());
    }
    Subject subject = state.subject();
    return subject == null || !subject.beganAfter(observedAt);
  }

  private static CachedSignal cached(
      CachedSignal known, LearningSignal signal, Instant observedAt) {
    boolean isOld = known.observedAt() != null && observedAt.isBefore(known.observedAt());
    if (!signal.getOk() || isOld) {
      return known;
    }
    return signal.getUnchanged()
        ? known.unchanged(signal.getEtag(), observedAt)
        : known.answered(SignalContent.parse(signal.getData()), signal.getEtag(), observedAt);
  }

  /**
   * A plan takes the answer to its request, good or bad, and of others any signal that is fresh: an
   * agent that has nothing newer to say has answered.
   */
  private PendingPlan answer(
      PendingPlan plan, SignalAgent agent, LearningSignal signal, LearnerState heard, Instant at) {
    if (!plan.awaits(agent)) {
      return plan;
    }
    boolean renews = signal.getOk() && heard.signal(agent).freshAt(at, agent, rules.freshness());
    return renews || plan.asked(agent, signal.getRequestId())
        ? plan.answeredBy(agent, signal.getOk())
        : plan;
  }

  private static boolean isWorthReporting(LearnerState state, SignalAgent agent) {
    Instant observedAt = state.signal(agent).observedAt();
    Instant reportedAt = state.reported().get(agent);
    return observedAt != null
        && (reportedAt == null || observedAt.isAfter(reportedAt.plus(REPORT_INTERVAL)));
  }

  private Transition completion(String userId, LearnerState state, LearnerEvent.SessionDone event) {
    LearningCompletion done = event.completion();
    LearningEvents.require(done);
    @Nullable Session session = state.session(done.getSessionId()).orElse(null);
    if (session == null) {
      return report(
          userId,
          state,
          event,
          event.at(),
          new StatusReport.Answer(done.getRequestId(), LearningOutcome.SESSION_NOT_FOUND, null));
    }
    // A clock that runs ahead must not make tomorrow's streak today.
    Instant toldAt = EventFields.timeNotAfter("completed_at", done.getCompletedAt(), event.at());
    Session.Completed before = session.completed();
    Instant completedAt = before == null ? toldAt : before.at();
    Session completed =
        session.completed(
            new Session.Completed(
                done.getCompletionTimeMin(), done.getConfidence(), done.getNotes(), completedAt));
    String hint =
        NextDayHint.of(
            done.getCompletionTimeMin(),
            session.plannedMinutes(),
            done.getConfidence(),
            session.day().next());
    LearnerState updated =
        state.withSession(completed, progress(state, session, done, completedAt));
    return report(
        userId,
        updated,
        event,
        event.at(),
        new StatusReport.Answer(done.getRequestId(), LearningOutcome.ACCEPTED, hint));
  }

  private static Progress progress(
      LearnerState state, Session session, LearningCompletion done, Instant at) {
    Session.Completed before = session.completed();
    if (before != null) {
      return state
          .progress()
          .corrected(
              done.getCompletionTimeMin() - before.minutes(),
              done.getConfidence() - before.confidence());
    }
    LocalDate day = at.atZone(ZoneId.of(state.zone())).toLocalDate();
    return state.progress().completed(done.getCompletionTimeMin(), done.getConfidence(), day);
  }

  private Transition report(
      String userId,
      LearnerState state,
      LearnerEvent.Received event,
      Instant at,
      StatusReport.Answer answer) {
    LearnerState reported = state.afterReport();
    return new Transition(
        reported,
        List.of(
            new Output(
                Topics.LEARNING_STATUSES,
                StatusReport.of(userId, reported, rules.freshness(), at, answer),
                event.cause(),
                "status",
                at)));
  }
}
