package dev.millrace.worker.budget;

import dev.millrace.worker.agent.RunId;
import dev.millrace.worker.agent.TaskId;
import dev.millrace.worker.journal.JournalDatabase;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/**
 * The ledger in Postgres, table {@code agent_work.spending}, which the journal of runs migrates.
 */
public final class PostgresLedger implements Ledger {

  private static final String SUM =
      """
      select coalesce(sum(microdollars), 0), coalesce(sum(tokens), 0) from agent_work.spending
      """;

  private static final String OF_TASK = SUM + "where task_id = :task_id";

  private static final String TODAY =
      SUM + "where spent_at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc'";

  /** No task is at work for so long. */
  private static final String PRUNE =
      "delete from agent_work.spending where spent_at < now() - interval '60 days'";

  private static final String ADD =
      """
      insert into agent_work.spending (task_id, run_id, microdollars, tokens)
      values (:task_id, :run_id, :microdollars, :tokens)
      """;

  private final Jdbi jdbi;

  public PostgresLedger(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public Spending ofTask(TaskId task) {
    return sum(OF_TASK, Map.of("task_id", task.value()));
  }

  @Override
  public Spending today() {
    return sum(TODAY, Map.of());
  }

  private Spending sum(String select, Map<String, String> bindings) {
    return JournalDatabase.call(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(select)
                .bindMap(bindings)
                .map((row, context) -> new Spending(row.getLong(1), row.getLong(2)))
                .one()));
  }

  @Override
  public void add(TaskId task, RunId run, Spending spent) {
    JournalDatabase.call(() ->
        jdbi.withHandle(handle -> {
          handle.execute(PRUNE);
          return handle
              .createUpdate(ADD)
              .bind("task_id", task.value())
              .bind("run_id", run.value())
              .bind("microdollars", spent.microdollars())
              .bind("tokens", spent.tokens())
              .execute();
        }));
  }
}
