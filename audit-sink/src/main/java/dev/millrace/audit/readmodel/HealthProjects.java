package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.health.HealthProbe;
import dev.millrace.schemas.health.HealthStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code public.health_projects}: the latest status and the latest probe of each project. */
final class HealthProjects implements ReadModel {

  private static final String UPSERT =
      """
      INSERT INTO health_projects AS p (
        project, status, reason, response_time_ms, changed_at, last_probe_at, trace_id)
      SELECT project, coalesce(status, 'unknown'), reason, response_time_ms, changed_at,
             last_probe_at, trace_id
      FROM unnest(?::text[], ?::text[], ?::text[], ?::float8[], ?::timestamptz[],
                  ?::timestamptz[], ?::text[])
        AS c (project, status, reason, response_time_ms, changed_at, last_probe_at, trace_id)
      ON CONFLICT (project) DO UPDATE SET
        status = CASE WHEN excluded.changed_at >= coalesce(p.changed_at, '-infinity')
                      THEN excluded.status ELSE p.status END,
        reason = CASE WHEN excluded.changed_at >= coalesce(p.changed_at, '-infinity')
                      THEN excluded.reason ELSE p.reason END,
        trace_id = CASE WHEN excluded.changed_at >= coalesce(p.changed_at, '-infinity')
                        THEN excluded.trace_id ELSE p.trace_id END,
        changed_at = greatest(p.changed_at, excluded.changed_at),
        response_time_ms =
          CASE WHEN coalesce(excluded.last_probe_at, excluded.changed_at)
                      >= coalesce(p.last_probe_at, p.changed_at)
               THEN coalesce(excluded.response_time_ms, p.response_time_ms)
               ELSE p.response_time_ms END,
        last_probe_at = greatest(p.last_probe_at, excluded.last_probe_at)\
      """;

  /** The latest status and the latest probe of a project. */
  record Change(@Nullable HealthStatus status, @Nullable HealthProbe probe, String traceId) {

    Change then(Change later) {
      boolean newer =
          later.status != null
              && (status == null || !later.status.getChangedAt().isBefore(status.getChangedAt()));
      boolean probed =
          later.probe != null
              && (probe == null || !later.probe.getObservedAt().isBefore(probe.getObservedAt()));
      return new Change(
          newer ? later.status : status,
          probed ? later.probe : probe,
          newer ? later.traceId : traceId);
    }

    @Nullable Double responseTimeMs() {
      if (probe != null) {
        return probe.getResponseTimeMs();
      }
      return status == null ? null : status.getResponseTimeMs();
    }
  }

  private final Map<String, Change> changes = new TreeMap<>();

  @Override
  public void add(MirrorRow row) {
    String traceId = row.context().trace().traceId();
    switch (row.value().value()) {
      case HealthStatus status ->
          changes.merge(status.getProject(), new Change(status, null, traceId), Change::then);
      case HealthProbe probe when !Acceptance.refuses(row) ->
          changes.merge(probe.getProject(), new Change(null, probe, traceId), Change::then);
      case null, default -> {}
    }
  }

  @Override
  public void write(Connection connection) throws SQLException {
    Rows rows = new Rows(UPSERT);
    changes.forEach((project, change) -> {
      HealthStatus status = change.status();
      rows.add(
          project,
          status == null ? null : Names.of(status.getStatus()),
          status == null ? null : status.getReason(),
          change.responseTimeMs(),
          status == null ? null : status.getChangedAt(),
          probeTime(change),
          change.traceId());
    });
    rows.execute(connection);
  }

  private static @Nullable Instant probeTime(Change change) {
    return change.probe() == null ? null : change.probe().getObservedAt();
  }
}
