package dev.millrace.learning.learner;

import dev.millrace.learning.plan.DailyPlan;
import dev.millrace.learning.plan.DailyPlan.Step;
import dev.millrace.learning.plan.PlanGenerator;
import dev.millrace.learning.plan.PlanInput;
import dev.millrace.learning.plan.PlanInput.AgentSignal;
import dev.millrace.learning.progress.StudyDay;
import dev.millrace.learning.signal.SignalAgent;
import dev.millrace.runtime.validation.EventFields;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningPlanRequest;
import dev.millrace.schemas.learning.LearningSignalRequest;
import dev.millrace.schemas.learning.PlanStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes plans: at once from fresh signals, or after waiting for those that were asked for. */
final class Planning {

  /** Plans of one learner that wait at once; beyond, the oldest is made with what there is. */
  private static final int MAX_PENDING = 8;

  private final LearnerRules rules;
  private final PlanGenerator generator;

  Planning(LearnerRules rules, PlanGenerator generator) {
    this.rules = rules;
    this.generator = generator;
  }

  Transition ask(String userId, LearnerState state, LearnerEvent.PlanAsked event) {
    LearningPlanRequest request = event.request();
    EventFields.requireName("request_id", request.getRequestId());
    StudyDay day = studyDay(request);
    Intent intent = state.intent();
    if (intent == null) {
      return Transition.to(state).with(state, noIntent(userId, event, day));
    }
    List<SignalAgent> misses =
        Arrays.stream(SignalAgent.values())
            .filter(agent ->
                request.getForceRefresh()
                    || !state.signal(agent).freshAt(event.at(), agent, rules.freshness()))
            .toList();
    List<Output> requests = new ArrayList<>();
    Map<SignalAgent, String> asked = new EnumMap<>(SignalAgent.class);
    for (SignalAgent agent : misses) {
      asked.put(agent, event.cause().derive("signal/" + agent.wireName()));
      requests.add(signalRequest(userId, state, intent, event, day, agent));
    }
    PendingPlan pending =
        new PendingPlan(
            request.getRequestId(),
            event.cause(),
            day,
            SignalAgent.values().length - misses.size(),
            asked,
            Set.of(),
            Set.of(),
            event.receivedAt().plus(rules.signalWait()));
    LearnerState waiting =
        state.withPending(LearnerState.appended(state.pending(), pending, Integer.MAX_VALUE));
    Transition asking = new Transition(waiting, requests);
    return finishDue(userId, waiting, event.at(), event.receivedAt()).after(asking);
  }

  /** Makes all plans that wait with what there is. */
  Transition finishAll(String userId, LearnerState state, Instant at) {
    return finishDue(userId, state, at, Instant.MAX);
  }

  /** Makes the plans that have all their signals, have waited long enough, or are too many. */
  Transition finishDue(String userId, LearnerState state, Instant at, Instant now) {
    List<PendingPlan> due = new ArrayList<>();
    List<PendingPlan> waiting = new ArrayList<>();
    int surplus = state.pending().size() - MAX_PENDING;
    for (PendingPlan plan : state.pending()) {
      boolean isDue = plan.isComplete() || !now.isBefore(plan.deadline()) || due.size() < surplus;
      (isDue ? due : waiting).add(plan);
    }
    Transition result = Transition.to(due.isEmpty() ? state : state.withPending(waiting));
    for (PendingPlan plan : due) {
      result = finish(userId, result.state(), plan, at).after(result);
    }
    return result;
  }

  private Transition finish(String userId, LearnerState state, PendingPlan pending, Instant at) {
    Intent intent = state.intent();
    if (intent == null) {
      return Transition.to(state).with(state, noIntent(userId, pending, at));
    }
    boolean degraded = isDegraded(state, pending, at);
    DailyPlan plan = generator.generate(input(state, intent, pending.day(), degraded));
    Session session = session(state, intent, pending, plan, degraded, at);
    LearnerState planned =
        state.session(session.id()).isPresent()
            ? state.withReplannedSession(session)
            : state.withNewSession(session, rules.sessionsKept());
    LearnerState reported = planned.afterReport();
    return Transition.to(state)
        .with(
            reported,
            new Output(
                Topics.LEARNING_PLANS,
                planEvent(userId, state, intent, pending, session, plan, at),
                pending.cause(),
                "plan",
                at),
            new Output(
                Topics.LEARNING_STATUSES,
                StatusReport.of(
                    userId, reported, rules.freshness(), at, StatusReport.Answer.NOBODY),
                pending.cause(),
                "status",
                at));
  }

  /** Whether agents failed, or have nothing that is recent enough to do without them. */
  private boolean isDegraded(LearnerState state, PendingPlan pending, Instant at) {
    boolean allUsable =
        Arrays.stream(SignalAgent.values())
            .allMatch(agent -> state.signal(agent).usableAt(at, agent, rules.freshness()));
    boolean isSilenceFailure = rules.agentsAreCalled() && !pending.isComplete();
    return !allUsable || pending.hasFailures() || isSilenceFailure;
  }

  private static PlanInput input(
      LearnerState state, Intent intent, StudyDay day, boolean degraded) {
    List<AgentSignal> signals = new ArrayList<>();
    for (SignalAgent agent : SignalAgent.values()) {
      if (state.signal(agent).available()) {
        signals.add(new AgentSignal(agent, state.signal(agent).content()));
      }
    }
    return new PlanInput(
        intent.topic(),
        intent.depth(),
        intent.endGoal(),
        intent.learningStyle(),
        intent.minutesPerDay(),
        day,
        signals,
        degraded);
  }

  /** A day that is planned again before it is done keeps its session. */
  private static Session session(
      LearnerState state,
      Intent intent,
      PendingPlan pending,
      DailyPlan plan,
      boolean degraded,
      Instant at) {
    String id =
        state.sessions().stream()
            .filter(session -> session.isOpenFor(intent.topic(), pending.day()))
            .map(Session::id)
            .findFirst()
            .orElseGet(() -> pending.cause().derive("session"));
    return new Session(
        id,
        intent.id(),
        pending.day(),
        intent.topic(),
        plan.title(),
        intent.minutesPerDay(),
        degraded,
        at,
        null);
  }

  private LearningPlan planEvent(
      String userId,
      LearnerState state,
      Intent intent,
      PendingPlan pending,
      Session session,
      DailyPlan plan,
      Instant at) {
    return LearningPlan.newBuilder()
        .setSessionId(session.id())
        .setRequestId(pending.requestId())
        .setUserId(userId)
        .setStatus(PlanStatus.PLANNED)
        .setWeek(pending.day().week())
        .setDay(pending.day().day())
        .setIntentId(intent.id())
        .setTopic(intent.topic())
        .setTitle(plan.title())
        .setDescription(plan.description())
        .setSteps(plan.steps().stream().map(Step::text).toList())
        .setPlanMd(plan.markdown())
        .setDegradedMode(session.degraded())
        .setCacheHits(pending.hits())
        .setCacheMisses(pending.asked().size())
        .setSignalQuality(StatusReport.signals(state, rules.freshness(), at))
        .setGenerator(plan.generator())
        .setCreatedAt(at)
        .build();
  }

  private static Output signalRequest(
      String userId,
      LearnerState state,
      Intent intent,
      LearnerEvent.PlanAsked event,
      StudyDay day,
      SignalAgent agent) {
    String name = "signal/" + agent.wireName();
    LearningSignalRequest request =
        LearningSignalRequest.newBuilder()
            .setRequestId(event.cause().derive(name))
            .setUserId(userId)
            .setAgent(agent.wireName())
            .setIntentId(intent.id())
            .setTopic(intent.topic())
            .setDepth(intent.depth())
            .setWeek(day.week())
            .setDay(day.day())
            .setIfNoneMatch(event.request().getForceRefresh() ? null : state.signal(agent).etag())
            .setRequestedAt(event.at())
            .build();
    return new Output(Topics.LEARNING_SIGNAL_REQUESTS, request, event.cause(), name, event.at());
  }

  private static Output noIntent(String userId, LearnerEvent.PlanAsked event, StudyDay day) {
    return noIntent(userId, event.request().getRequestId(), event.cause(), day, event.at());
  }

  private static Output noIntent(String userId, PendingPlan pending, Instant at) {
    return noIntent(userId, pending.requestId(), pending.cause(), pending.day(), at);
  }

  private static Output noIntent(
      String userId, String requestId, Cause cause, StudyDay day, Instant at) {
    LearningPlan plan =
        LearningPlan.newBuilder()
            .setSessionId(cause.derive("session"))
            .setRequestId(requestId)
            .setUserId(userId)
            .setStatus(PlanStatus.NO_ACTIVE_INTENT)
            .setWeek(day.week())
            .setDay(day.day())
            .setCreatedAt(at)
            .build();
    return new Output(Topics.LEARNING_PLANS, plan, cause, "plan", at);
  }

  private static StudyDay studyDay(LearningPlanRequest request) {
    try {
      return new StudyDay(request.getWeek(), request.getDay());
    } catch (IllegalArgumentException e) {
      throw new InvalidEventException(String.valueOf(e.getMessage()));
    }
  }
}
