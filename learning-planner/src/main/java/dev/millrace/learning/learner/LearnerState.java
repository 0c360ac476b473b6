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
    List<String> recentEvents) {

  private static final int MAX_RECENT_EVENTS = 64;

  /** A learner nothing is known of. */
  public static final LearnerState NEW =
      new LearnerState(
          null, "UTC", null, Map.of(), Map.of(), List.of(), List.of(), Progress.NONE, List.of());

  public LearnerState {
    // States of earlier versions do not tell the subject.
    subject = subject == null && intent != null ? new Subject(intent.topic(), null) : subject;
    signals = Map.copyOf(signals);
    reported = Map.copyOf(reported);
    sessions = List.copyOf(sessions);
    pending = List.copyOf(pending);
    recentEvents = List.copyOf(recentEvents);
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
        appended(recentEvents, eventId, MAX_RECENT_EVENTS));
  }

  /** Whether the learner learns, or learned last, something else. */
  boolean isAboutAnotherThan(String topic) {
    return subject != null && !subject.is(topic);
  }

  /** The same with this intent; what was heard about another subject is given up. */
  LearnerState withIntent(Intent newIntent, Instant at) {
    boolean changes = isAboutAnotherThan(newIntent.topic());
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
        recentEvents);
  }

  LearnerState withoutIntent() {
    return new LearnerState(
        null, zone, subject, signals, reported, sessions, pending, progress, recentEvents);
  }

  CachedSignal signal(SignalAgent agent) {
    return signals.getOrDefault(agent, CachedSignal.NONE);
  }

  LearnerState withSignal(SignalAgent agent, CachedSignal signal) {
    Map<SignalAgent, CachedSignal> updated = new EnumMap<>(SignalAgent.class);
    updated.putAll(signals);
    updated.put(agent, signal);
    return new LearnerState(
        intent, zone, subject, updated, reported, sessions, pending, progress, recentEvents);
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
        intent, zone, subject, signals, told, sessions, pending, progress, recentEvents);
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
        recentEvents);
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
        intent, zone, subject, signals, reported, sessions, newPending, progress, recentEvents);
  }

  static <T> List<T> appended(List<T> list, T element, int limit) {
    List<T> longer = new ArrayList<>(list);
    longer.add(element);
    return longer.size() <= limit ? longer : longer.subList(longer.size() - limit, longer.size());
  }
}
