package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningIntent;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code public.learning_intents}: an intent that becomes active ends the one before it, as for the
 * planner; a tombstone forgets the learner.
 */
final class LearningIntents implements ReadModel {

  private static final String FORGET =
      "DELETE FROM learning_intents WHERE user_id = ANY (?::text[])";

  private static final String DEACTIVATE =
      """
      UPDATE learning_intents SET active = false
      WHERE user_id = ANY (?::text[]) AND active\
      """;

  private static final String UPSERT =
      """
      INSERT INTO learning_intents (
        intent_id, user_id, topic, depth, end_goal, time_per_day_min, user_tz, meta, active,
        created_at, trace_id)
      SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[],
                           ?::text[], ?::jsonb[], ?::boolean[], ?::timestamptz[], ?::text[])
      ON CONFLICT (user_id, intent_id) DO UPDATE SET
        topic = excluded.topic,
        depth = excluded.depth,
        end_goal = excluded.end_goal,
        time_per_day_min = excluded.time_per_day_min,
        user_tz = excluded.user_tz,
        meta = excluded.meta,
        active = excluded.active,
        trace_id = excluded.trace_id\
      """;

  /** One intent, as it was stated last, and when it was first. */
  record Stated(LearningIntent intent, Instant at, String traceId) {

    Stated then(Stated later) {
      return new Stated(later.intent, at, later.traceId);
    }
  }

  /** What one learner stated, in the order in which it was. */
  static final class OfLearner {

    private final SortedMap<String, Stated> last = new TreeMap<>();
    private boolean replaces;
    private @Nullable String active;

    void add(Stated stated) {
      String id = stated.intent().getIntentId();
      last.merge(id, stated, Stated::then);
      if (stated.intent().getActive()) {
        replaces = true;
        active = id;
      } else if (id.equals(active)) {
        active = null;
      }
    }

    /** Whether one became active, so that none of before is. */
    boolean replaces() {
      return replaces;
    }

    /** The intent that the learner follows now, if it is one of these. */
    @Nullable String active() {
      return active;
    }

    /** Each intent as it was stated last. */
    Collection<Stated> last() {
      return last.values();
    }
  }

  private final TreeSet<String> forgotten = new TreeSet<>();
  private final SortedMap<String, OfLearner> learners = new TreeMap<>();

  @Override
  public void add(MirrorRow row) {
    if (row.value().value() instanceof LearningIntent intent) {
      if (Acceptance.refuses(row)) {
        return;
      }
      Instant at = Acceptance.timeOf(intent.getCreatedAt(), row);
      learners
          .computeIfAbsent(intent.getUserId(), _ -> new OfLearner())
          .add(new Stated(intent, at, row.context().trace().traceId()));
    } else if (Tombstones.is(row, Topics.LEARNING_INTENTS) && row.key() != null) {
      learners.remove(row.key());
      forgotten.add(row.key());
    }
  }

  @Override
  public void write(Connection connection) throws SQLException {
    Rows forget = new Rows(FORGET);
    forgotten.forEach(forget::add);
    forget.execute(connection);

    Rows deactivate = new Rows(DEACTIVATE);
    learners.forEach((user, intents) -> {
      if (intents.replaces()) {
        deactivate.add(user);
      }
    });
    deactivate.execute(connection);

    Rows upsert = new Rows(UPSERT);
    learners
        .values()
        .forEach(intents ->
            intents.last().forEach(stated -> upsert.add(columns(stated, intents.active()))));
    upsert.execute(connection);
  }

  private static Object[] columns(Stated stated, @Nullable String active) {
    LearningIntent intent = stated.intent();
    return new Object[] {
      intent.getIntentId(),
      intent.getUserId(),
      intent.getTopic(),
      intent.getDepth(),
      intent.getEndGoal(),
      intent.getTimePerDayMin(),
      intent.getUserTz(),
      Details.of(intent.getMeta()),
      intent.getIntentId().equals(active),
      stated.at(),
      stated.traceId()
    };
  }
}
