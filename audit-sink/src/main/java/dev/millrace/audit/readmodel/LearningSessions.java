package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.PlanStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code public.learning_sessions}: a plan and its completion, whichever comes first. The learner
 * is part of the key: nobody completes the session of somebody else. What was never planned is seen
 * by nobody but the owner, and a learner who is forgotten has no sessions.
 */
final class LearningSessions implements ReadModel {

  private static final String UPSERT =
      """
      INSERT INTO learning_sessions AS s (
        session_id, user_id, week, day, intent_id, topic, title, description, plan_md, steps,
        degraded_mode, generator, created_at, completion_time_min, confidence, notes,
        completed_at, trace_id)
      SELECT * FROM unnest(?::text[], ?::text[], ?::int[], ?::int[], ?::text[], ?::text[],
                           ?::text[], ?::text[], ?::text[], ?::jsonb[], ?::boolean[], ?::text[],
                           ?::timestamptz[], ?::int[], ?::int[], ?::text[], ?::timestamptz[],
                           ?::text[])
      ON CONFLICT (session_id, user_id) DO UPDATE SET
        (week, day, intent_id, topic, title, description, plan_md, steps, degraded_mode,
         generator, created_at, trace_id) = (
          SELECT n.week, n.day, n.intent_id, n.topic, n.title, n.description, n.plan_md, n.steps,
                 n.degraded_mode, n.generator, n.created_at, n.trace_id
          FROM (VALUES
            (1, s.week, s.day, s.intent_id, s.topic, s.title, s.description, s.plan_md, s.steps,
             s.degraded_mode, s.generator, s.created_at, s.trace_id),
            (2, excluded.week, excluded.day, excluded.intent_id, excluded.topic, excluded.title,
             excluded.description, excluded.plan_md, excluded.steps, excluded.degraded_mode,
             excluded.generator, excluded.created_at, excluded.trace_id))
            AS n (place, week, day, intent_id, topic, title, description, plan_md, steps,
                  degraded_mode, generator, created_at, trace_id)
          ORDER BY n.created_at DESC NULLS LAST, n.place
          LIMIT 1),
        completion_time_min = coalesce(excluded.completion_time_min, s.completion_time_min),
        confidence = coalesce(excluded.confidence, s.confidence),
        notes = CASE WHEN excluded.completed_at IS NULL THEN s.notes ELSE excluded.notes END,
        completed_at = coalesce(s.completed_at, excluded.completed_at)\
      """;

  /**
   * Those from before the learner was forgotten: topics are mirrored side by side, so a session
   * that came after may be here already.
   */
  private static final String FORGET =
      """
      DELETE FROM learning_sessions AS s
      USING unnest(?::text[], ?::timestamptz[]) AS f (user_id, at)
      WHERE s.user_id = f.user_id AND coalesce(s.created_at, s.completed_at) <= f.at\
      """;

  /** A learner's session. */
  record SessionKey(String sessionId, String userId) {}

  /**
   * What is known of it: the newest plan counts, and the last completion with the time of the
   * first.
   */
  record Change(
      @Nullable LearningPlan plan,
      @Nullable LearningCompletion completion,
      @Nullable Instant completedAt,
      String traceId) {

    Change then(Change later) {
      boolean plans = later.plan != null && (plan == null || isNewer(later.plan, plan));
      boolean completes = later.completion != null;
      return new Change(
          plans ? later.plan : plan,
          completes ? later.completion : completion,
          completedAt == null ? later.completedAt : completedAt,
          plans ? later.traceId : traceId);
    }

    private static boolean isNewer(LearningPlan one, LearningPlan other) {
      return one.getCreatedAt().isAfter(other.getCreatedAt());
    }
  }

  private final Changes<SessionKey, Change> changes =
      new Changes<>(
          Comparator.comparing(SessionKey::sessionId).thenComparing(SessionKey::userId),
          Change::then);

  private final Map<String, Instant> forgotten = new TreeMap<>();

  @Override
  public void add(MirrorRow row) {
    // Of the statuses, as they are written after everything that the planner knew.
    if (Tombstones.is(row, Topics.LEARNING_STATUSES) && row.key() != null) {
      forgotten.put(row.key(), row.timestamp());
      return;
    }
    String traceId = row.context().trace().traceId();
    switch (row.value().value()) {
      case LearningPlan plan when plan.getStatus() == PlanStatus.PLANNED ->
          changes.add(
              new SessionKey(plan.getSessionId(), plan.getUserId()),
              new Change(plan, null, null, traceId));
      case LearningCompletion completion when !Acceptance.refuses(row) -> {
        Instant at = Acceptance.timeOf(completion.getCompletedAt(), row);
        changes.add(
            new SessionKey(completion.getSessionId(), completion.getUserId()),
            new Change(null, completion, at, traceId));
      }
      case null, default -> {}
    }
  }

  @Override
  public void write(Connection connection) throws SQLException {
    changes.write(connection, UPSERT, LearningSessions::columns);

    Rows forget = new Rows(FORGET);
    forgotten.forEach(forget::add);
    forget.execute(connection);
  }

  private static @Nullable Object[] columns(SessionKey key, Change change) {
    LearningPlan plan = change.plan();
    LearningCompletion completion = change.completion();
    return new @Nullable Object[] {
      key.sessionId(),
      key.userId(),
      plan == null ? null : plan.getWeek(),
      plan == null ? null : plan.getDay(),
      plan == null ? null : plan.getIntentId(),
      plan == null ? null : plan.getTopic(),
      plan == null ? null : plan.getTitle(),
      plan == null ? null : plan.getDescription(),
      plan == null ? null : plan.getPlanMd(),
      plan == null ? null : Details.array(plan.getSteps()),
      plan == null ? null : plan.getDegradedMode(),
      plan == null ? null : plan.getGenerator(),
      plan == null ? null : plan.getCreatedAt(),
      completion == null ? null : completion.getCompletionTimeMin(),
      completion == null ? null : completion.getConfidence(),
      completion == null ? null : completion.getNotes(),
      change.completedAt(),
      change.traceId()
    };
  }
}
