package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.deadletter.DeadLetterDecision;
import java.sql.Connection;
import java.sql.SQLException;

/** {@code public.dead_letter_decisions}: one row a decision. */
final class DeadLetterDecisions implements ReadModel {

  private static final String INSERT =
      """
      INSERT INTO dead_letter_decisions (
        decision_id, letter_id, action, corrected, reason, decided_by, decided_at, trace_id)
      SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::boolean[], ?::text[], ?::text[],
                           ?::timestamptz[], ?::text[])
      ON CONFLICT (decision_id) DO NOTHING\
      """;

  private final Rows rows = new Rows(INSERT);

  @Override
  public void add(MirrorRow event) {
    if (event.value().value() instanceof DeadLetterDecision decision) {
      rows.add(
          decision.getDecisionId(),
          decision.getLetterId(),
          Names.of(decision.getAction()),
          decision.getValue() != null,
          decision.getReason(),
          decision.getDecidedBy(),
          decision.getDecidedAt(),
          event.context().trace().traceId());
    }
  }

  @Override
  public void write(Connection connection) throws SQLException {
    rows.execute(connection);
  }
}
