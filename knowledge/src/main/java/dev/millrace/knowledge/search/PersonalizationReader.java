package dev.millrace.knowledge.search;

import dev.millrace.knowledge.search.Personalization.Preference;
import dev.millrace.knowledge.search.Personalization.Rating;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads the preferences and ratings of a reader. */
final class PersonalizationReader {

  /** Rows of a reader that count, the newest. */
  private static final int MAX_ROWS = 1_000;

  private PersonalizationReader() {}

  static Personalization of(Handle handle, @Nullable Reader reader) {
    if (reader == null) {
      return Personalization.NONE;
    }
    List<Preference> preferences = new ArrayList<>();
    List<Rating> ratings = new ArrayList<>();
    handle
        .createQuery(
            """
            (SELECT kind, value, weight, origin = 'learned' AS learned, NULL AS project, 0 AS stars
               FROM knowledge.user_preferences
              WHERE user_id = :user AND tenant = :tenant
              ORDER BY changed_at DESC LIMIT :rows)
            UNION ALL
            (SELECT NULL, document_uri, 0, false, project_id, rating
               FROM knowledge.project_feedback
              WHERE user_id = :user AND tenant = :tenant
              ORDER BY changed_at DESC LIMIT :rows)
            """)
        .bind("user", reader.userId())
        .bind("tenant", reader.tenant())
        .bind("rows", MAX_ROWS)
        .map((row, context) -> {
          String project = row.getString("project");
          return project == null
              ? preferences.add(
                  new Preference(
                      row.getString("kind"),
                      row.getString("value"),
                      row.getDouble("weight"),
                      row.getBoolean("learned")))
              : ratings.add(new Rating(project, row.getString("value"), row.getInt("stars")));
        })
        .list();
    return new Personalization(preferences, ratings);
  }
}
