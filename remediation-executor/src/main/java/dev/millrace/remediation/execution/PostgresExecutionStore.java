package dev.millrace.remediation.execution;

import dev.millrace.remediation.execution.Execution.State;
import dev.millrace.runtime.database.PostgresOutage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executions in the table {@code remediation.executions}; project locks are advisory locks. */
public final class PostgresExecutionStore implements ExecutionStore {

  private static final Logger log = LoggerFactory.getLogger(PostgresExecutionStore.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  private static final String FIND = "SELECT * FROM remediation.executions WHERE command_id = :id";

  private static final String SAVE =
      """
      INSERT INTO remediation.executions
          (command_id, project, action, anomaly_id, analysis_id, requested_by, confidence, trace_id,
           state, reason, hook, exit_code, output, started_at, finished_at)
      VALUES
          (:id, :project, :action, :anomalyId, :analysisId, :requestedBy, :confidence, :traceId,
           :state, :reason, :hook, :exitCode, :output, :startedAt, :finishedAt)
      ON CONFLICT (command_id) DO UPDATE SET
          state = excluded.state, reason = excluded.reason, hook = excluded.hook,
          exit_code = excluded.exit_code, output = excluded.output,
          started_at = excluded.started_at, finished_at = excluded.finished_at
      """;

  private static final String LAST_RUN =
      """
      SELECT max(coalesce(finished_at, started_at))
      FROM remediation.executions
      WHERE project = :project AND action = :action AND state <> 'SKIPPED'
      """;

  private static final String RUNS_SINCE =
      """
      SELECT count(*)
      FROM remediation.executions
      WHERE project = :project AND state <> 'SKIPPED' AND started_at > :since
      """;

  private static final String LOCK =
      "SELECT pg_try_advisory_lock(hashtextextended('millrace/remediation/' || :project, 0))";

  private static final String UNLOCK =
      "SELECT pg_advisory_unlock(hashtextextended('millrace/remediation/' || :project, 0))";

  private final Jdbi jdbi;

  public PostgresExecutionStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public Optional<Execution> find(String commandId) throws InterruptedException {
    return patiently(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(FIND)
                .bind("id", commandId)
                .map((row, _) -> execution(row))
                .findOne()));
  }

  @Override
  public void save(Execution execution) throws InterruptedException {
    Order command = execution.command();
    patiently(() ->
        jdbi.withHandle(handle ->
            handle
                .createUpdate(SAVE)
                .bind("id", command.id())
                .bind("project", command.project())
                .bind("action", command.action())
                .bind("anomalyId", command.anomalyId())
                .bind("analysisId", command.analysisId())
                .bind("requestedBy", command.requestedBy())
                .bind("confidence", command.confidence())
                .bind("traceId", command.traceId())
                .bind("state", execution.state().name())
                .bind("reason", execution.reason())
                .bind("hook", execution.hook())
                .bind("exitCode", execution.exitCode())
                .bind("output", execution.output())
                .bind("startedAt", utc(execution.startedAt()))
                .bind("finishedAt", utc(execution.finishedAt()))
                .execute()));
  }

  @Override
  public Optional<Instant> lastRun(String project, String action) throws InterruptedException {
    return patiently(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(LAST_RUN)
                .bind("project", project)
                .bind("action", action)
                .mapTo(OffsetDateTime.class)
                .findOne()
                .map(OffsetDateTime::toInstant)));
  }

  @Override
  public int runsSince(String project, Instant since) throws InterruptedException {
    return patiently(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(RUNS_SINCE)
                .bind("project", project)
                .bind("since", utc(since))
                .mapTo(Integer.class)
                .one()));
  }

  @Override
  public Optional<ProjectLock> tryLock(String project) throws InterruptedException {
    return patiently(() -> {
      Handle handle = jdbi.open();
      boolean locked = false;
      try {
        locked = handle.createQuery(LOCK).bind("project", project).mapTo(Boolean.class).one();
      } finally {
        if (!locked) {
          handle.close();
        }
      }
      return locked ? Optional.of(() -> unlock(handle, project)) : Optional.empty();
    });
  }

  private static void unlock(Handle handle, String project) {
    try (handle) {
      handle.createQuery(UNLOCK).bind("project", project).mapTo(Boolean.class).one();
    } catch (JdbiException e) {
      log.atWarn()
          .addKeyValue("project", project)
          .addKeyValue("reason", e.getMessage())
          .log("the connection of a lock is gone, and the lock with it");
    }
  }

  private static <T> T patiently(PostgresOutage.Attempt<T> question) throws InterruptedException {
    return PostgresOutage.waitedOut(
        RETRY_INTERVAL,
        reason -> log.atInfo().addKeyValue("reason", reason).log("waiting for Postgres"),
        question);
  }

  private static Execution execution(ResultSet row) throws SQLException {
    return new Execution(
        new Order(
            row.getString("command_id"),
            row.getString("project"),
            row.getString("action"),
            row.getString("anomaly_id"),
            row.getString("analysis_id"),
            row.getString("requested_by"),
            row.getDouble("confidence"),
            row.getString("trace_id")),
        State.valueOf(row.getString("state")),
        row.getString("reason"),
        row.getString("hook"),
        row.getObject("exit_code", Integer.class),
        row.getString("output"),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        instant(row.getObject("finished_at", OffsetDateTime.class)));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
