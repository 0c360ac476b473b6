package dev.millrace.learning.learner;

import dev.millrace.learning.progress.StudyDay;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningSession;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A planned session.
 *
 * @param id identity of the session
 * @param intentId intent it is for
 * @param day day it is for
 * @param topic subject
 * @param title title of its plan
 * @param plannedMinutes time it was planned for
 * @param degraded whether agents failed or had no usable signal
 * @param createdAt when it was planned
 * @param completed how it was completed, if it was
 */
public record Session(
    String id,
    String intentId,
    StudyDay day,
    String topic,
    String title,
    int plannedMinutes,
    boolean degraded,
    Instant createdAt,
    @Nullable Completed completed) {

  /** How a session was completed. */
  public record Completed(int minutes, int confidence, @Nullable String notes, Instant at) {}

  Session completed(Completed how) {
    return new Session(id, intentId, day, topic, title, plannedMinutes, degraded, createdAt, how);
  }

  Session withoutNotes() {
    return completed == null || completed.notes() == null
        ? this
        : completed(
            new Completed(completed.minutes(), completed.confidence(), null, completed.at()));
  }

  /** Whether a plan for that day of that topic is to replace this one. */
  boolean isOpenFor(String otherTopic, StudyDay otherDay) {
    return completed == null && isAbout(otherTopic) && day.equals(otherDay);
  }

  boolean isAbout(String otherTopic) {
    return new Subject(topic, null).is(otherTopic);
  }

  /** When something happened to it last. */
  Instant touchedAt() {
    return completed == null ? createdAt : completed.at();
  }

  LearningSession toEvent(String userId) {
    return LearningSession.newBuilder()
        .setSessionId(id)
        .setWeek(day.week())
        .setDay(day.day())
        .setTopic(topic)
        .setPlanTitle(title)
        .setDegradedMode(degraded)
        .setCreatedAt(createdAt)
        .setCompletion(completed == null ? null : completion(userId, completed))
        .build();
  }

  private LearningCompletion completion(String userId, Completed how) {
    return LearningCompletion.newBuilder()
        .setSessionId(id)
        .setUserId(userId)
        .setCompletionTimeMin(how.minutes())
        .setConfidence(how.confidence())
        .setNotes(how.notes())
        .setCompletedAt(how.at())
        .build();
  }
}
