package dev.millrace.worker.journal;

import dev.millrace.runtime.database.Database;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.RunId;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The journal in Postgres, table {@code agent_work.runs}. Its schema is migrated at the first run
 * that needs it, so that agents that need no journal start without Postgres.
 */
public final class PostgresRunJournal implements RunJournal {

  private static final String SCHEMA = "agent_work";
  private static final String MIGRATIONS = "dev/millrace/worker/migrations";

  /** Assignments stay on their topic for a week; after twice that none can come again. */
  private static final String PRUNE =
      "delete from agent_work.runs where started_at < now() - interval '14 days'";

  private static final int RUNS_BETWEEN_PRUNES = 1_000;

  private static final double MILLIS_PER_SECOND = 1_000;

  private static final String BEGIN =
      """
      insert into agent_work.runs as run (run_id, task_id, agent, attempt, worker, leased_until)
      values (:run_id, :task_id, :agent, :attempt, :worker, now() + make_interval(secs => :lease))
      on conflict (run_id) do update
      set deliveries = run.deliveries + 1, worker = excluded.worker,
          leased_until = excluded.leased_until
      where run.state = 'finished' or run.worker = excluded.worker
         or coalesce(run.leased_until < now(), true)
      returning result::text
      """;

  private static final String RENEW =
      """
      update agent_work.runs set leased_until = now() + make_interval(secs => :lease)
      where run_id = :run_id and worker = :worker and state = 'started'
      """;

  private static final String RELEASE =
      """
      update agent_work.runs set leased_until = null
      where run_id = :run_id and worker = :worker and state = 'started'
      """;

  private static final String FINISH =
      """
      update agent_work.runs
      set state = 'finished', result = cast(:result as jsonb), finished_at = now()
      where run_id = :run_id and state = 'started'
      """;

  /** Who has the leases: this process, whatever it is named. */
  private final String worker = UUID.randomUUID().toString();

  private final Duration lease;
  private final Database database;
  private final Jdbi jdbi;
  private final ReentrantLock migration = new ReentrantLock();
  private final AtomicLong begun = new AtomicLong();
  private volatile boolean migrated;

  /**
   * @param lease how long a worker that died has its runs, at most
   */
  public PostgresRunJournal(Database database, Duration lease) {
    this.lease = lease;
    this.database = database;
    this.jdbi = database.jdbi();
  }

  @Override
  public Duration lease() {
    return lease;
  }

  @Override
  public Claim begin(AgentRun run) throws InterruptedException {
    migrateOnce();
    if (begun.getAndIncrement() % RUNS_BETWEEN_PRUNES == 0) {
      JournalDatabase.call(() -> jdbi.withHandle(handle -> handle.execute(PRUNE)));
    }
    return JournalDatabase.call(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(BEGIN)
                .bind("run_id", run.id().value())
                .bind("task_id", run.taskId().value())
                .bind("agent", run.agent())
                .bind("attempt", run.attempt())
                .bind("worker", worker)
                .bind("lease", lease.toMillis() / MILLIS_PER_SECOND)
                .map((row, context) -> claim(row.getString(1)))
                .findOne()
                .orElseGet(Claim.Elsewhere::new)));
  }

  private static Claim claim(@Nullable String result) {
    return result == null ? new Claim.Leased() : new Claim.Ended(RunRecordJson.read(result));
  }

  @Override
  public void renew(RunId run) {
    JournalDatabase.call(() ->
        jdbi.withHandle(handle ->
            handle
                .createUpdate(RENEW)
                .bind("run_id", run.value())
                .bind("worker", worker)
                .bind("lease", lease.toMillis() / MILLIS_PER_SECOND)
                .execute()));
  }

  @Override
  public void release(RunId run) {
    JournalDatabase.call(() ->
        jdbi.withHandle(handle ->
            handle
                .createUpdate(RELEASE)
                .bind("run_id", run.value())
                .bind("worker", worker)
                .execute()));
  }

  @Override
  public void finish(RunId run, RunRecord ended) throws InterruptedException {
    migrateOnce();
    String json = RunRecordJson.write(ended);
    JournalDatabase.call(() ->
        jdbi.withHandle(handle ->
            handle
                .createUpdate(FINISH)
                .bind("run_id", run.value())
                .bind("result", json)
                .execute()));
  }

  private void migrateOnce() throws InterruptedException {
    if (migrated) {
      return;
    }
    migration.lockInterruptibly();
    try {
      if (!migrated) {
        database.migrate(SCHEMA, MIGRATIONS);
        migrated = true;
      }
    } finally {
      migration.unlock();
    }
  }
}
