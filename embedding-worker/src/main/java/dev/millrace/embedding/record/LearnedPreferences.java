package dev.millrace.embedding.record;

import dev.millrace.schemas.knowledge.KnowledgeRequest;
import java.sql.Timestamp;
import org.jdbi.v3.core.Handle;

/**
 * Preferences that follow from ratings: who rates documents of a category well wants more of it.
 * What the user stated is never overwritten.
 */
final class LearnedPreferences {

  /**
   * Two neutral ratings are added to those of each category, so that a single one says little: the
   * weight of a category is the sum of {@code (rating - 3) / 2} by two more than there are.
   */
  private static final String LEARN =
      """
      WITH learned AS (
        SELECT document.category AS category,
               sum((feedback.rating - 3) / 2.0) / (count(*) + 2) AS weight
          FROM knowledge.project_feedback feedback
          JOIN knowledge.documents document ON document.uri = feedback.document_uri
         WHERE feedback.user_id = :user AND feedback.tenant = :tenant
           AND document.category IS NOT NULL
         GROUP BY document.category
      ), forgotten AS (
        DELETE FROM knowledge.user_preferences
         WHERE user_id = :user AND tenant = :tenant AND kind = 'category' AND origin = 'learned'
           AND value NOT IN (SELECT category FROM learned)
      )
      INSERT INTO knowledge.user_preferences AS known
             (id, user_id, tenant, kind, value, weight, origin, request_id, created_at, changed_at)
      SELECT CAST(md5(concat_ws('|', 'learned', :user, :tenant, category)) AS uuid),
             :user, :tenant, 'category', category, weight, 'learned', :request, :at, :at
        FROM learned
          ON CONFLICT (user_id, tenant, kind, value) DO UPDATE
         SET weight = excluded.weight, request_id = excluded.request_id,
             changed_at = excluded.changed_at, revision = known.revision + 1
       WHERE known.origin = 'learned' AND known.weight <> excluded.weight
      """;

  private LearnedPreferences() {}

  /**
   * Takes a learned preference away that the user is about to state.
   *
   * @param data the preference as it is stated, as JSON
   */
  static void giveWay(Handle handle, KnowledgeRequest request, String data) {
    handle
        .createUpdate(
            """
            DELETE FROM knowledge.user_preferences known
             USING jsonb_to_record(CAST(:data AS jsonb)) AS given (kind text, value text)
             WHERE known.user_id = :user AND known.tenant = :tenant AND known.origin = 'learned'
               AND known.kind = given.kind AND known.value = given.value
               AND known.id <> CAST(:id AS uuid)
            """)
        .bind("data", data)
        .bind("user", request.getUserId())
        .bind("tenant", request.getTenant())
        .bind("id", request.getRecordId())
        .execute();
  }

  /** Brings the preferences of a user in line with the user's ratings. */
  static void learn(Handle handle, KnowledgeRequest request) {
    handle
        .createUpdate(LEARN)
        .bind("user", request.getUserId())
        .bind("tenant", request.getTenant())
        .bind("request", request.getRequestId())
        .bind("at", Timestamp.from(request.getRequestedAt()))
        .execute();
  }
}
