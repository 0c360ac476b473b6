package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningIntent;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code public.learning_intents}: a learner's newest intent ends those before it; a tombstone
 * forgets the learner.
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

  /** One intent, as it was stated last. */
  record Stated(LearningIntent intent, Instant at, String traceId) {}

  private final TreeSet<String> forgotten = new TreeSet<>();

  /** By learner, then by intent in the order in which they were stated last. */
  private final Map<String, LinkedHashMap<String, Stated>> stated = new TreeMap<>();

  @Override
  public void add(MirrorRow row) {
    if (row.value().value() instanceof LearningIntent intent) {
      if (Acceptance.refuses(row)) {
        return;
      }
      LinkedHashMap<String, Stated> intents =
          stated.computeIfAbsent(intent.getUserId(), user -> new LinkedHashMap<>());
      Instant at = Acceptance.timeOf(intent.getCreatedAt(), row);
      intents.putLast(
          intent.getIntentId(), new Stated(intent, at, row.context().trace().traceId()));
    } else if (Tombstones.is(row, Topics.LEARNING_INTENTS) && row.key() != null) {
      stated.remove(row.key());
      forgotten.add(row.key());
    }
  }

  /** Whether an intent is the one the learner follows now. */
  static boolean isActive(Stated stated, SequencedMap<String, Stated> ofLearner) {
    LearningIntent intent = stated.intent();
    return intent.getActive() && intent.getIntentId().equals(ofLearner.lastEntry().getKey());
  }

  @Override
  public void write(Connection connection) throws SQLException {
    Rows forget = new Rows(FORGET);
    forgotten.forEach(forget::add);
    forget.execute(connection);

    Rows deactivate = new Rows(DEACTIVATE);
    stated.keySet().forEach(deactivate::add);
    deactivate.execute(connection);

    Rows upsert = new Rows(UPSERT);
    stated
        .values()
        .forEach(
            intents -> intents.values().forEach(intent -> upsert.add(columns(intent, intents))));
    upsert.execute(connection);
  }

  private static Object[] columns(Stated stated, SequencedMap<String, Stated> ofLearner) {
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
      isActive(stated, ofLearner),
      stated.at(),
      stated.traceId()
    };
  }
}
