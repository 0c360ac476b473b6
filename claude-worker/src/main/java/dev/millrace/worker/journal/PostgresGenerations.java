package dev.millrace.worker.journal;

import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.media.Generations;
import dev.millrace.worker.media.Medium;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Generations in Postgres, table {@code agent_work.generations}, which the journal of runs
 * migrates.
 */
public final class PostgresGenerations implements Generations {

  /** A flow is forgotten long before, and what was made cannot be fetched for so long. */
  private static final String PRUNE =
      "delete from agent_work.generations where intended_at < now() - interval '60 days'";

  private static final String SELECT =
      """
      select shot, medium, approvals, request_id, url
      from agent_work.generations where flow_id = :flow
      """;

  private static final String INTEND =
      """
      insert into agent_work.generations (flow_id, shot, medium, run_id, approvals)
      values (:flow, :shot, :medium, :run, :approvals)
      on conflict (flow_id, shot, medium)
      do update set run_id = excluded.run_id, approvals = excluded.approvals, request_id = null,
                    url = null, intended_at = now()
      """;

  private static final String ONE = " where flow_id = :flow and shot = :shot and medium = :medium";

  private static final String SUBMITTED =
      "update agent_work.generations set request_id = :value" + ONE;
  private static final String FINISHED = "update agent_work.generations set url = :value" + ONE;
  private static final String FORGET = "delete from agent_work.generations" + ONE;

  private final Jdbi jdbi;

  public PostgresGenerations(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public Map<Piece, Standing> of(String flow) {
    return JournalDatabase.call(() ->
        jdbi.withHandle(handle -> {
          Map<Piece, Standing> all = new HashMap<>();
          handle.execute(PRUNE);
          handle
              .createQuery(SELECT)
              .bind("flow", flow)
              .map((row, context) ->
                  all.put(
                      new Piece(
                          row.getInt("shot"),
                          Medium.valueOf(row.getString("medium").toUpperCase(Locale.ROOT))),
                      standing(
                          row.getString("url"),
                          row.getString("request_id"),
                          row.getInt("approvals"))))
              .list();
          return all;
        }));
  }

  private static Standing standing(
      @Nullable String url, @Nullable String requestId, int approvals) {
    if (url != null) {
      return new Standing.Finished(URI.create(url));
    }
    return requestId == null ? new Standing.Intended(approvals) : new Standing.Submitted(requestId);
  }

  @Override
  public void intend(String flow, Piece piece, AgentRun run) {
    update(INTEND, flow, piece, Map.of("run", run.id().value(), "approvals", run.approvals()));
  }

  @Override
  public void submitted(String flow, Piece piece, String requestId) {
    update(SUBMITTED, flow, piece, Map.of("value", requestId));
  }

  @Override
  public void finished(String flow, Piece piece, URI url) {
    update(FINISHED, flow, piece, Map.of("value", url.toString()));
  }

  @Override
  public void forget(String flow, Piece piece) {
    update(FORGET, flow, piece, Map.of());
  }

  private void update(String statement, String flow, Piece piece, Map<String, ?> values) {
    JournalDatabase.call(() ->
        jdbi.withHandle(handle ->
            handle
                .createUpdate(statement)
                .bind("flow", flow)
                .bind("shot", piece.shot())
                .bind("medium", piece.medium().code())
                .bindMap(values)
                .execute()));
  }
}
