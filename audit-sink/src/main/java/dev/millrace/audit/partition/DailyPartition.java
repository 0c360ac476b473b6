package dev.millrace.audit.partition;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

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

  String createSql() {
    return "CREATE TABLE audit.%s (LIKE audit.records INCLUDING DEFAULTS INCLUDING COMMENTS)"
        .formatted(table());
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
