package dev.millrace.learning.learner;

import dev.millrace.learning.progress.Progress;
import dev.millrace.learning.progress.Schedule;
import dev.millrace.learning.progress.StudyDay;
import dev.millrace.learning.signal.CachedSignal;
import dev.millrace.learning.signal.Freshness;
import dev.millrace.learning.signal.SignalAgent;
import dev.millrace.schemas.learning.LearningOutcome;
import dev.millrace.schemas.learning.LearningStats;
import dev.millrace.schemas.learning.LearningStatus;
import dev.millrace.schemas.learning.ScheduledRun;
import dev.millrace.schemas.learning.SignalQuality;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says where a learner stands. */
final class StatusReport {

  private StatusReport() {}

  /** What became of the request that led to the report. */
  record Answer(@Nullable String requestId, LearningOutcome outcome, @Nullable String hint) {

    /** Nobody waits for the report. */
    static final Answer NOBODY = new Answer(null, LearningOutcome.ACCEPTED, null);

    static Answer accepted(@Nullable String requestId) {
      return new Answer(requestId, LearningOutcome.ACCEPTED, null);
    }
  }

  static LearningStatus of(
      String userId, LearnerState state, Freshness freshness, Instant at, Answer answer) {
    Intent intent = state.intent();
    return LearningStatus.newBuilder()
        .setUserId(userId)
        .setRequestId(answer.requestId())
        .setOutcome(answer.outcome())
        .setNextDayHint(answer.hint())
        .setActiveIntent(intent == null ? null : intent.toEvent(userId))
        .setLatestSession(state.latestSession().map(s -> s.toEvent(userId)).orElse(null))
        .setSignalFreshness(signals(state, freshness, at))
        .setNextScheduledRun(intent == null ? null : nextRun(state, intent, at))
        .setLearningStats(stats(state.progress()))
        .setUpdatedAt(at)
        .build();
  }

  /** How good the signal of each agent is at that time, by the agent's name. */
  static Map<String, SignalQuality> signals(LearnerState state, Freshness freshness, Instant at) {
    Map<String, SignalQuality> qualities = new LinkedHashMap<>();
    for (SignalAgent agent : SignalAgent.values()) {
      CachedSignal signal = state.signal(agent);
      Instant observedAt = signal.observedAt();
      qualities.put(
          agent.wireName(),
          SignalQuality.newBuilder()
              .setAvailable(signal.available())
              .setFresh(signal.freshAt(at, agent, freshness))
              .setLastUpdated(observedAt)
              .setFreshUntil(observedAt == null ? null : freshness.freshUntil(agent, observedAt))
              .build());
    }
    return qualities;
  }

  private static ScheduledRun nextRun(LearnerState state, Intent intent, Instant at) {
    Optional<Session> latest = state.latestSessionAbout(intent.topic());
    StudyDay next = latest.map(session -> session.day().next()).orElse(StudyDay.FIRST);
    Instant reference = latest.map(Session::touchedAt).orElse(intent.createdAt());
    return ScheduledRun.newBuilder()
        .setWeek(next.week())
        .setDay(next.day())
        .setEstimatedTime(Schedule.nextStart(reference, at, intent.zoneId()))
        .setTimezone(intent.zone())
        .build();
  }

  private static LearningStats stats(Progress progress) {
    return LearningStats.newBuilder()
        .setTotalSessions(progress.totalSessions())
        .setCompletedSessions(progress.completedSessions())
        .setTotalTimeMin(progress.totalMinutes())
        .setAverageConfidence(progress.averageConfidence())
        .setCurrentStreakDays(progress.streakDays())
        .setLastCompletedOn(
            progress.lastCompletedOn() == null ? null : progress.lastCompletedOn().toString())
        .build();
  }
}
