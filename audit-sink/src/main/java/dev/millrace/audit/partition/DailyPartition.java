package dev.millrace.audit.partition;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The partition that holds one day (UTC) of {@code audit.records}. */
record DailyPartition(LocalDate day) {

  private static final DateTimeFormatter SUFFIX = DateTimeFormatter.BASIC_ISO_DATE;

  static LocalDate dayOf(Instant timestamp) {
    return LocalDate.ofInstant(timestamp, ZoneOffset.UTC);
  }

  /** Name of its table, without its schema. */
  String table() {
    return "records_" + day.format(SUFFIX);
  }

  /**
   * Statements that make it. Topics of a retention of their own get parts of their own, so that
   * each can be dropped by itself.
   */
  List<String> createSql(Retention retention) {
    String create =
        "CREATE TABLE audit.%s (LIKE audit.records INCLUDING DEFAULTS INCLUDING COMMENTS)"
            .formatted(table());
    List<Retention.Group> groups = retention.groups();
    if (groups.isEmpty()) {
      return List.of(create);
    }
    List<String> statements = new ArrayList<>();
    statements.add(create + " PARTITION BY LIST (topic)");
    for (Retention.Group part : groups) {
      statements.add(
          "CREATE TABLE audit.%s_%dd PARTITION OF audit.%s FOR VALUES IN (%s)"
              .formatted(
                  table(),
                  part.days(),
                  table(),
                  part.topics().stream()
                      .map(DailyPartition::literal)
                      .collect(Collectors.joining(", "))));
    }
    statements.add(
        "CREATE TABLE audit.%s_rest PARTITION OF audit.%s DEFAULT".formatted(table(), table()));
    return statements;
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** Attaching locks only the default partition for others, not the whole table. */
  String attachSql() {
    return """
    ALTER TABLE audit.records ATTACH PARTITION audit.%s
      FOR VALUES FROM ('%s 00:00:00+00') TO ('%s 00:00:00+00')\
    """
        .formatted(table(), day, day.plusDays(1));
  }

  String commentSql() {
    return "COMMENT ON TABLE audit.%s IS 'Records of %s (UTC).'".formatted(table(), day);
  }
}
