package dev.millrace.worker.budget;

import dev.millrace.worker.agent.RunId;
import dev.millrace.worker.agent.TaskId;
import dev.millrace.worker.journal.JournalDatabase;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The ledger in Postgres, tables {@code agent_work.spending} and {@code agent_work.questions},
 * which the journal of runs migrates.
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

  private static final String PRUNE_QUESTIONS =
      "delete from agent_work.questions where asked_at < now() - interval '60 days'";

  /** A run that is delivered again asks the same question. */
  private static final String ASKED =
      """
      insert into agent_work.questions
        (run_id, task_id, task_microdollars, task_tokens, day_microdollars, day_tokens)
      values
        (:run_id, :task_id, :task_microdollars, :task_tokens, :day_microdollars, :day_tokens)
      on conflict (run_id) do nothing
      """;

  private static final String ASKED_BEFORE =
      """
      select task_microdollars, task_tokens, day_microdollars, day_tokens
      from agent_work.questions
      where task_id = :task_id and run_id <> :run_id
      order by asked_at desc limit 1
      """;

  private final Jdbi jdbi;

  public PostgresLedger(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public Spent spent(TaskId task) {
    return JournalDatabase.call(() ->
        jdbi.withHandle(handle ->
            new Spent(
                sum(handle, OF_TASK, Map.of("task_id", task.value())),
                sum(handle, TODAY, Map.of()))));
  }

  private static Spending sum(Handle handle, String select, Map<String, String> bindings) {
    return handle
        .createQuery(select)
        .bindMap(bindings)
        .map((row, context) -> new Spending(row.getLong(1), row.getLong(2)))
        .one();
  }

  @Override
  public void add(TaskId task, RunId run, Spending spent) {
    write(
        PRUNE,
        ADD,
        Map.of(
            "task_id",
            task.value(),
            "run_id",
            run.value(),
            "microdollars",
            spent.microdollars(),
            "tokens",
            spent.tokens()));
  }

  @Override
  public void asked(TaskId task, RunId run, Spent spent) {
    write(
        PRUNE_QUESTIONS,
        ASKED,
        Map.of(
            "run_id",
            run.value(),
            "task_id",
            task.value(),
            "task_microdollars",
            spent.task().microdollars(),
            "task_tokens",
            spent.task().tokens(),
            "day_microdollars",
            spent.today().microdollars(),
            "day_tokens",
            spent.today().tokens()));
  }

  /** Writes a row, and forgets those of long ago. */
  private void write(String prune, String insert, Map<String, ?> values) {
    JournalDatabase.call(() ->
        jdbi.withHandle(handle -> {
          handle.execute(prune);
          return handle.createUpdate(insert).bindMap(values).execute();
        }));
  }

  @Override
  public Optional<Spent> whenAskedBefore(TaskId task, RunId run) {
    return JournalDatabase.call(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(ASKED_BEFORE)
                .bind("task_id", task.value())
                .bind("run_id", run.value())
                .map((row, context) ->
                    new Spent(
                        new Spending(row.getLong(1), row.getLong(2)),
                        new Spending(row.getLong(3), row.getLong(4))))
                .findOne()));
  }
}
