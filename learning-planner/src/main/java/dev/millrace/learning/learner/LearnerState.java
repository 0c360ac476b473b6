package dev.millrace.learning.learner;

import dev.millrace.learning.progress.Progress;
import dev.millrace.learning.signal.CachedSignal;
import dev.millrace.learning.signal.SignalAgent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything the planner remembers of one learner, of bounded size.
 *
 * @param intent what the learner is learning now
 * @param zone where the learner lives, as last told
 * @param subject what the learner learned last, also when that has ended; null before anything
 * @param signals the latest signal about the subject of each agent that was heard of
 * @param reported when each agent's signal was true as of the latest status that was written
 * @param sessions the latest sessions, oldest first; with notes only the last one
 * @param pending plans that wait for signals, oldest first
 * @param progress what the learner has done so far
 * @param recentEvents identities of the latest events, oldest first: one that comes again is known
 * @param toldIntents the latest intents, the one that was active last at the end: one that becomes
 *     active again keeps its age
 */
public record LearnerState(
    @Nullable Intent intent,
    String zone,
    @Nullable Subject subject,
    Map<SignalAgent, CachedSignal> signals,
    Map<SignalAgent, Instant> reported,
    List<Session> sessions,
    List<PendingPlan> pending,
    Progress progress,
    List<String> recentEvents,
    List<ToldIntent> toldIntents) {

  private static final int MAX_RECENT_EVENTS = 64;
  private static final int MAX_TOLD_INTENTS = 64;

  /** An intent that was active, and when it was told first. */
  public record ToldIntent(String id, Instant at) {}

  /** A learner nothing is known of. */
  public static final LearnerState NEW =
      new LearnerState(
          null,
          "UTC",
          null,
          Map.of(),
          Map.of(),
          List.of(),
          List.of(),
          Progress.NONE,
          List.of(),
          List.of());

  public LearnerState {
    // States of earlier versions do not tell the subject.
    subject = subject == null && intent != null ? new Subject(intent.topic(), null) : subject;
    signals = Map.copyOf(signals);
    reported = Map.copyOf(reported);
    sessions = List.copyOf(sessions);
    pending = List.copyOf(pending);
    recentEvents = List.copyOf(recentEvents);
    // Nor which intents were told.
    toldIntents = toldIntents == null ? told(intent) : List.copyOf(toldIntents);
  }

  private static List<ToldIntent> told(@Nullable Intent intent) {
    return intent == null ? List.of() : List.of(new ToldIntent(intent.id(), intent.createdAt()));
  }

  /** An intent as it is now told, with the age of the one of that identity that was active. */
  Intent aged(Intent told) {
    return toldIntents.stream()
        .filter(known -> known.id().equals(told.id()))
        .findFirst()
        .map(known -> told.toldFirst(known.at()))
        .orElse(told);
  }

  /** Whether this event was processed before. */
  boolean knows(String eventId) {
    return recentEvents.contains(eventId);
  }

  LearnerState remembering(String eventId) {
    return new LearnerState(
        intent,
        zone,
        subject,
        signals,
        reported,
        sessions,
        pending,
        progress,
        appended(recentEvents, eventId, MAX_RECENT_EVENTS),
        toldIntents);
  }

  /** Whether the learner learns, or learned last, something else. */
  boolean isAboutAnotherThan(String topic) {
    return subject != null && !subject.is(topic);
  }

  /** The same with this intent; what was heard about another subject is given up. */
  LearnerState withIntent(Intent newIntent, Instant at) {
    boolean changes = isAboutAnotherThan(newIntent.topic());
    List<ToldIntent> others =
        toldIntents.stream().filter(known -> !known.id().equals(newIntent.id())).toList();
    Subject first = subject == null ? new Subject(newIntent.topic(), null) : subject;
    return new LearnerState(
        newIntent,
        newIntent.zone(),
        changes ? new Subject(newIntent.topic(), at) : first,
        changes ? Map.of() : signals,
        changes ? Map.of() : reported,
        sessions,
        pending,
        progress,
        recentEvents,
        appended(others, new ToldIntent(newIntent.id(), newIntent.createdAt()), MAX_TOLD_INTENTS));
  }

  LearnerState withoutIntent() {
    return new LearnerState(
        null,
        zone,
        subject,
        signals,
        reported,
        sessions,
        pending,
        progress,
        recentEvents,
        toldIntents);
  }

  CachedSignal signal(SignalAgent agent) {
    return signals.getOrDefault(agent, CachedSignal.NONE);
  }

  LearnerState withSignal(SignalAgent agent, CachedSignal signal) {
    Map<SignalAgent, CachedSignal> updated = new EnumMap<>(SignalAgent.class);
    updated.putAll(signals);
    updated.put(agent, signal);
    return new LearnerState(
        intent,
        zone,
        subject,
        updated,
        reported,
        sessions,
        pending,
        progress,
        recentEvents,
        toldIntents);
  }

  /** The same, and that a status was written which tells of all signals. */
  LearnerState afterReport() {
    Map<SignalAgent, Instant> told = new EnumMap<>(SignalAgent.class);
    signals.forEach((agent, signal) -> {
      if (signal.observedAt() != null) {
        told.put(agent, signal.observedAt());
      }
    });
    return new LearnerState(
        intent,
        zone,
        subject,
        signals,
        told,
        sessions,
        pending,
        progress,
        recentEvents,
        toldIntents);
  }

  Optional<Session> session(String id) {
    return sessions.stream().filter(session -> session.id().equals(id)).findFirst();
  }

  Optional<Session> latestSession() {
    return sessions.isEmpty() ? Optional.empty() : Optional.of(sessions.getLast());
  }

  /** The latest session about a topic, however it is spelled. */
  Optional<Session> latestSessionAbout(String topic) {
    return sessions.reversed().stream().filter(session -> session.isAbout(topic)).findFirst();
  }

  /** The same with one session more, the oldest given up beyond the limit. */
  LearnerState withNewSession(Session session, int limit) {
    return withSessions(appended(sessions, session, limit), progress.planned());
  }

  /** The same with the session of that identity replaced, in its place. */
  LearnerState withSession(Session session, Progress newProgress) {
    List<Session> replaced =
        sessions.stream().map(old -> old.id().equals(session.id()) ? session : old).toList();
    return withSessions(replaced, newProgress);
  }

  /** The same with the session of that identity replaced, as the latest one. */
  LearnerState withReplannedSession(Session session) {
    List<Session> others = new ArrayList<>(sessions);
    others.removeIf(old -> old.id().equals(session.id()));
    others.add(session);
    return withSessions(others, progress);
  }

  private LearnerState withSessions(List<Session> newSessions, Progress newProgress) {
    return new LearnerState(
        intent,
        zone,
        subject,
        signals,
        reported,
        withNotesOfTheLatest(newSessions),
        pending,
        newProgress,
        recentEvents,
        toldIntents);
  }

  /** Notes are the longest texts, and only those of the latest session are ever reported. */
  private static List<Session> withNotesOfTheLatest(List<Session> sessions) {
    List<Session> shorter = new ArrayList<>(sessions);
    for (int i = 0; i < shorter.size() - 1; i++) {
      shorter.set(i, shorter.get(i).withoutNotes());
    }
    return shorter;
  }

  LearnerState withPending(List<PendingPlan> newPending) {
    return new LearnerState(
        intent,
        zone,
        subject,
        signals,
        reported,
        sessions,
        newPending,
        progress,
        recentEvents,
        toldIntents);
  }

  static <T> List<T> appended(List<T> list, T element, int limit) {
    List<T> longer = new ArrayList<>(list);
    longer.add(element);
    return longer.size() <= limit ? longer : longer.subList(longer.size() - limit, longer.size());
  }
}
