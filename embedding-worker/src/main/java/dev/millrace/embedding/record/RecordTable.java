package dev.millrace.embedding.record;

import dev.millrace.schemas.knowledge.RecordKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of the Postgres schema {@code knowledge} that hold records of users, with what differs
 * between them: their own columns. The columns that all of them share are in {@link
 * PostgresRecords}.
 */
enum RecordTable {
  CAMPAIGNS(
      RecordKind.CAMPAIGN, "name text, theme text, status text, starts_on date, ends_on date"),
  PROJECT_CAMPAIGNS(RecordKind.PROJECT_CAMPAIGN, "project_id text, campaign_id uuid"),
  PROJECT_EMBEDDINGS(
      RecordKind.PROJECT_EMBEDDING,
      "project_id text, title text, content text, model text, dimensions integer,"
          + " embedding vector"),
  PROJECT_FEEDBACK(
      RecordKind.PROJECT_FEEDBACK,
      "project_id text, document_uri text, rating smallint, comment text"),
  USER_FILES(
      RecordKind.USER_FILE,
      "name text, media_type text, size_bytes bigint, content_hash text, document_uri text,"
          + " project_id text"),
  USER_PREFERENCES(
      RecordKind.USER_PREFERENCE, "kind text, value text, weight double precision, origin text");

  private final RecordKind kind;
  private final String columns;

  RecordTable(RecordKind kind, String columns) {
    this.kind = kind;
    this.columns = columns;
  }

  static Optional<RecordTable> of(RecordKind kind) {
    return Arrays.stream(values()).filter(table -> table.kind == kind).findFirst();
  }

  /** Its name with that of its schema. */
  String qualified() {
    return "knowledge." + name().toLowerCase(Locale.ROOT);
  }

  /** Its own columns with their types, as SQL declares them. */
  String declared() {
    return columns;
  }

  /** Names of its own columns, each behind this prefix. */
  String columns(String prefix) {
    return names().map(name -> prefix + name).collect(Collectors.joining(", "));
  }

  /** Assignments of its own columns from the row that was to be inserted. */
  String assignments() {
    return names().map(name -> name + " = excluded." + name).collect(Collectors.joining(", "));
  }

  private Stream<String> names() {
    return Arrays.stream(columns.split(",", -1)).map(column -> column.strip().split(" ", 2)[0]);
  }
}
