package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.Usage;
import dev.millrace.schemas.usage.ModelUsage;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** {@code public.cost_tracking}: one row for each call of a model. */
final class CostTracking implements ReadModel {

  private static final String INSERT =
      """
      INSERT INTO cost_tracking (
        id, "createdAt", component, "costDollars", "cacheHitRate", task_id, run_id, agent,
        provider, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
        trace_id)
      SELECT * FROM unnest(?::text[], ?::timestamptz[], ?::text[], ?::numeric[], ?::float8[],
                           ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                           ?::bigint[], ?::bigint[], ?::bigint[], ?::text[])
      ON CONFLICT (id) DO NOTHING\
      """;

  /** What orchestrated agents spend, whichever worker runs them. */
  private static final String ORCHESTRATOR = "orchestrator";

  /** Microdollars have six digits after the point of a dollar. */
  private static final int MICRO_SCALE = 6;

  private final Rows rows = new Rows(INSERT);

  @Override
  public void add(MirrorRow row) {
    if (row.value().value() instanceof AgentEvent event && event.getUsage() != null) {
      Usage usage = event.getUsage();
      rows.add(
          event.getEventId(),
          event.getOccurredAt(),
          ORCHESTRATOR,
          dollars(usage),
          cacheHitRate(usage),
          event.getTaskId(),
          event.getRunId(),
          event.getAgent(),
          event.getProvider(),
          event.getModel(),
          usage.getInputTokens(),
          usage.getOutputTokens(),
          usage.getCacheReadTokens(),
          usage.getCacheWriteTokens(),
          row.context().trace().traceId());
    }
    if (row.value().value() instanceof ModelUsage usage) {
      add(usage, row.context().trace().traceId());
    }
  }

  /** What no run spent itself: embeddings, and answers out of the knowledge base. */
  private void add(ModelUsage usage, String traceId) {
    rows.add(
        usage.getUsageId(),
        usage.getOccurredAt(),
        usage.getComponent(),
        BigDecimal.valueOf(usage.getCostMicrodollars(), MICRO_SCALE),
        null,
        usage.getTaskId(),
        null,
        usage.getPurpose(),
        usage.getProvider(),
        usage.getModel(),
        usage.getInputTokens(),
        usage.getOutputTokens(),
        0L,
        0L,
        traceId);
  }

  @Override
  public boolean takesReplays() {
    return true;
  }

  @Override
  public void write(Connection connection) throws SQLException {
    rows.execute(connection);
  }

  static BigDecimal dollars(Usage usage) {
    return BigDecimal.valueOf(usage.getCostMicrodollars(), MICRO_SCALE);
  }

  /** Share of the tokens read that came from the cache; nothing when none were read. */
  static @Nullable Double cacheHitRate(Usage usage) {
    double read =
        (double) usage.getInputTokens() + usage.getCacheReadTokens() + usage.getCacheWriteTokens();
    return read > 0 ? usage.getCacheReadTokens() / read : null;
  }
}
