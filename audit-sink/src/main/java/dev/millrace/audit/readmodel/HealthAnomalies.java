package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.health.HealthAnomaly;
import java.sql.Connection;
import java.sql.SQLException;

/** {@code public.health_anomalies}: one row for each anomaly. */
final class HealthAnomalies implements ReadModel {

  private static final String INSERT =
      """
      INSERT INTO health_anomalies (
        anomaly_id, project, type, severity, metric, value, threshold, synthetic, detected_at,
        trace_id)
      SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::float8[],
                           ?::float8[], ?::boolean[], ?::timestamptz[], ?::text[])
      ON CONFLICT (anomaly_id) DO NOTHING\
      """;

  private final Rows rows = new Rows(INSERT);

  @Override
  public void add(MirrorRow row) {
    if (row.value().value() instanceof HealthAnomaly anomaly && !Acceptance.refuses(row)) {
      rows.add(
          anomaly.getAnomalyId(),
          anomaly.getProject(),
          anomaly.getType(),
          Names.of(anomaly.getSeverity()),
          anomaly.getMetric(),
          anomaly.getValue(),
          anomaly.getThreshold(),
          anomaly.getSynthetic(),
          Acceptance.timeOf(anomaly.getDetectedAt(), row),
          row.context().trace().traceId());
    }
  }

  @Override
  public void write(Connection connection) throws SQLException {
    rows.execute(connection);
  }
}
