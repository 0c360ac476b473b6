package dev.millrace.embedding.record;

import dev.millrace.embedding.index.IndexDatabase;
import dev.millrace.embedding.record.RecordResult.Kept;
import dev.millrace.embedding.record.RecordResult.Refused;
import dev.millrace.embedding.record.RecordResult.Removed;
import dev.millrace.schemas.knowledge.KnowledgeRequest;
import java.sql.Timestamp;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Keeps and removes records of users. A request that comes twice has the same result, and one that
 * comes late changes nothing: neither a newer state nor a removal. What a record must be like is
 * said by the constraints of its table.
 */
final class PostgresRecords {

  private static final String REMOVED_SINCE =
      """
      SELECT EXISTS (SELECT FROM knowledge.removed_records
                      WHERE id = CAST(:id AS uuid) AND removed_at >= :at)
      """;

  private static final String REMEMBER_REMOVED =
      """
      INSERT INTO knowledge.removed_records AS known (id, user_id, tenant, request_id, removed_at)
      VALUES (CAST(:id AS uuid), :user, :tenant, :request, :at)
          ON CONFLICT (id) DO UPDATE
         SET request_id = excluded.request_id, removed_at = excluded.removed_at
       WHERE known.removed_at < excluded.removed_at
      """;

  private static final String IS_REMOVED_BY =
      """
      SELECT EXISTS (SELECT FROM knowledge.removed_records
                      WHERE id = CAST(:id AS uuid) AND request_id = :request)
      """;

  private final Jdbi jdbi;

  PostgresRecords(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Keeps a record.
   *
   * @param data all of its own fields, as JSON
   * @throws dev.millrace.embedding.index.UnavailableException if Postgres is away
   */
  RecordResult put(RecordTable table, KnowledgeRequest request, String data) {
    return refusing(() ->
        jdbi.inTransaction(handle -> {
          if (bind(handle.createQuery(REMOVED_SINCE), request).mapTo(Boolean.class).one()) {
            return new Refused("not_found", null, "the record was removed meanwhile");
          }
          if (table == RecordTable.USER_PREFERENCES) {
            LearnedPreferences.giveWay(handle, request, data);
          }
          int written = bind(handle.createUpdate(put(table)), request).bind("data", data).execute();
          if (table == RecordTable.PROJECT_FEEDBACK && written > 0) {
            LearnedPreferences.learn(handle, request);
          }
          return known(handle, table, request)
              .<RecordResult>map(kept -> kept)
              .orElseGet(() -> new Refused("not_found", null, "there is no such record"));
        }));
  }

  /**
   * Removes a record.
   *
   * @throws dev.millrace.embedding.index.UnavailableException if Postgres is away
   */
  RecordResult remove(RecordTable table, KnowledgeRequest request) {
    return refusing(() ->
        jdbi.inTransaction(handle -> {
          int removed =
              bind(
                      handle.createUpdate(
                          """
                          DELETE FROM %s
                           WHERE id = CAST(:id AS uuid) AND user_id = :user AND tenant = :tenant
                             AND changed_at <= :at
                          """
                              .formatted(table.qualified())),
                      request)
                  .execute();
          if (removed == 0) {
            boolean before =
                bind(handle.createQuery(IS_REMOVED_BY), request).mapTo(Boolean.class).one();
            return before
                ? new Removed()
                : new Refused("not_found", null, "there is no such record");
          }
          bind(handle.createUpdate(REMEMBER_REMOVED), request).execute();
          if (table == RecordTable.PROJECT_FEEDBACK) {
            LearnedPreferences.learn(handle, request);
          }
          return new Removed();
        }));
  }

  private static String put(RecordTable table) {
    return """
    INSERT INTO %1$s AS known
           (id, user_id, tenant, request_id, created_at, changed_at, %2$s)
    SELECT CAST(:id AS uuid), :user, :tenant, :request, :at, :at, %3$s
      FROM jsonb_to_record(CAST(:data AS jsonb)) AS given (%4$s)
        ON CONFLICT (id) DO UPDATE
       SET %5$s, request_id = excluded.request_id, changed_at = excluded.changed_at,
           revision = known.revision + 1
     WHERE known.user_id = excluded.user_id
       AND known.tenant = excluded.tenant
       AND known.changed_at <= excluded.changed_at
       AND known.request_id <> excluded.request_id
    """
        .formatted(
            table.qualified(),
            table.columns(""),
            table.columns("given."),
            table.declared(),
            table.assignments());
  }

  private static Optional<Kept> known(Handle handle, RecordTable table, KnowledgeRequest request) {
    return bind(
            handle.createQuery(
                """
                SELECT revision = 1 AND request_id = :request AS created,
                       (to_jsonb(known) - 'embedding' - 'request_id')::text AS row
                  FROM %s known
                 WHERE id = CAST(:id AS uuid) AND user_id = :user AND tenant = :tenant
                """
                    .formatted(table.qualified())),
            request)
        .map((row, context) -> new Kept(row.getBoolean("created"), row.getString("row")))
        .findOne();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, KnowledgeRequest request) {
    return statement
        .bind("id", request.getRecordId())
        .bind("user", request.getUserId())
        .bind("tenant", request.getTenant())
        .bind("request", request.getRequestId())
        .bind("at", Timestamp.from(request.getRequestedAt()));
  }

  private static RecordResult refusing(Supplier<RecordResult> work) {
    return IndexDatabase.call(() -> {
      try {
        return work.get();
      } catch (JdbiException e) {
        return Constraints.refusal(e).orElseThrow(() -> e);
      }
    });
  }
}
