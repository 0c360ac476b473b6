package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.remediation.RemediationAnalysis;
import dev.millrace.schemas.remediation.RemediationOutcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * {@code public.remediations}: the latest analysis of an anomaly and its latest outcome, whichever
 * comes first.
 */
final class Remediations implements ReadModel {

  private static final String UPSERT =
      """
      INSERT INTO remediations AS r (
        anomaly_id, project, anomaly_type, analysis_id, analyzer, action, confidence,
        confidence_threshold, decision, reasoning, decided_at, command_id, outcome, outcome_reason,
        duration_ms, finished_at, trace_id)
      SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                           ?::float8[], ?::float8[], ?::text[], ?::text[], ?::timestamptz[],
                           ?::text[], ?::text[], ?::text[], ?::bigint[], ?::timestamptz[],
                           ?::text[])
        AS c (anomaly_id, project, anomaly_type, analysis_id, analyzer, action, confidence,
              confidence_threshold, decision, reasoning, decided_at, command_id, outcome,
              outcome_reason, duration_ms, finished_at, trace_id)
      ON CONFLICT (anomaly_id) DO UPDATE SET
        (anomaly_type, analysis_id, analyzer, confidence, confidence_threshold, decision,
         reasoning, decided_at, trace_id) = (
          SELECT excluded.anomaly_type, excluded.analysis_id, excluded.analyzer,
                 excluded.confidence, excluded.confidence_threshold, excluded.decision,
                 excluded.reasoning, excluded.decided_at, excluded.trace_id
          WHERE excluded.decided_at >= coalesce(r.decided_at, '-infinity')
          UNION ALL
          SELECT r.anomaly_type, r.analysis_id, r.analyzer, r.confidence,
                 r.confidence_threshold, r.decision, r.reasoning, r.decided_at, r.trace_id
          WHERE (excluded.decided_at >= coalesce(r.decided_at, '-infinity')) IS NOT TRUE),
        action = CASE
          WHEN excluded.finished_at >= coalesce(r.finished_at, '-infinity') THEN excluded.action
          WHEN r.finished_at IS NOT NULL THEN r.action
          WHEN excluded.decided_at >= coalesce(r.decided_at, '-infinity')
            THEN coalesce(excluded.action, r.action)
          ELSE coalesce(r.action, excluded.action)
        END,
        (command_id, outcome, outcome_reason, duration_ms, finished_at) = (
          SELECT excluded.command_id, excluded.outcome, excluded.outcome_reason,
                 excluded.duration_ms, excluded.finished_at
          WHERE excluded.finished_at >= coalesce(r.finished_at, '-infinity')
          UNION ALL
          SELECT r.command_id, r.outcome, r.outcome_reason, r.duration_ms, r.finished_at
          WHERE (excluded.finished_at >= coalesce(r.finished_at, '-infinity')) IS NOT TRUE)\
      """;

  private record Change(
      @Nullable RemediationAnalysis analysis,
      @Nullable RemediationOutcome outcome,
      String traceId) {

    Change then(Change later) {
      boolean decided =
          later.analysis != null
              && (analysis == null
                  || !later.analysis.getAnalyzedAt().isBefore(analysis.getAnalyzedAt()));
      boolean ended =
          later.outcome != null
              && (outcome == null
                  || !later.outcome.getOccurredAt().isBefore(outcome.getOccurredAt()));
      return new Change(
          decided ? later.analysis : analysis,
          ended ? later.outcome : outcome,
          decided ? later.traceId : traceId);
    }
  }

  private final Changes<String, Change> changes =
      new Changes<>(Comparator.naturalOrder(), Change::then);

  @Override
  public void add(MirrorRow row) {
    String traceId = row.context().trace().traceId();
    if (row.value().value() instanceof RemediationAnalysis analysis) {
      changes.add(analysis.getAnomalyId(), new Change(analysis, null, traceId));
    } else if (row.value().value() instanceof RemediationOutcome outcome
        && outcome.getAnomalyId() != null) {
      changes.add(outcome.getAnomalyId(), new Change(null, outcome, traceId));
    }
  }

  @Override
  public void write(Connection connection) throws SQLException {
    changes.write(connection, UPSERT, Remediations::columns);
  }

  private static @Nullable Object[] columns(String anomaly, Change change) {
    RemediationAnalysis analysis = change.analysis();
    RemediationOutcome outcome = change.outcome();
    return new @Nullable Object[] {
      anomaly,
      project(analysis, outcome),
      analysis == null ? null : analysis.getAnomalyType(),
      analysis == null ? null : analysis.getAnalysisId(),
      analysis == null ? null : analysis.getAnalyzer(),
      action(analysis, outcome),
      analysis == null ? null : analysis.getConfidence(),
      analysis == null ? null : analysis.getConfidenceThreshold(),
      analysis == null ? null : Names.of(analysis.getDecision()),
      analysis == null ? null : analysis.getReasoning(),
      analysis == null ? null : analysis.getAnalyzedAt(),
      outcome == null ? null : outcome.getCommandId(),
      outcome == null ? null : Names.of(outcome.getStatus()),
      outcome == null ? null : outcome.getReason(),
      outcome == null ? null : outcome.getDurationMs(),
      outcome == null ? null : outcome.getOccurredAt(),
      change.traceId()
    };
  }

  private static @Nullable String project(
      @Nullable RemediationAnalysis analysis, @Nullable RemediationOutcome outcome) {
    if (analysis != null) {
      return analysis.getProject();
    }
    return outcome == null ? null : outcome.getProject();
  }

  /** What was done; before that, what was proposed. A person may have approved another action. */
  private static @Nullable String action(
      @Nullable RemediationAnalysis analysis, @Nullable RemediationOutcome outcome) {
    if (outcome != null) {
      return outcome.getAction();
    }
    return analysis == null ? null : analysis.getAction();
  }
}
