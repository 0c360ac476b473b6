package dev.millrace.knowledge.search;

import dev.millrace.knowledge.search.SearchHit.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first chunks of the rankings and measures each for both of them: a chunk that one of
 * them did not find among its first has a place in it all the same. All in one statement: a trip to
 * the database costs more than what it does there, and what is found is read as it was found.
 */
final class CandidateReader {

  private final Handle handle;
  private final Conditions conditions;
  private final @Nullable VectorRanking vector;
  private final @Nullable TextRanking text;

  /**
   * @param vector ranking by vectors; null in a search for text
   * @param text ranking by text; null in a search for vectors, or without a word
   */
  CandidateReader(
      Handle handle,
      Conditions conditions,
      @Nullable VectorRanking vector,
      @Nullable TextRanking text) {
    this.handle = handle;
    this.conditions = conditions;
    this.vector = vector;
    this.text = text;
  }

  /**
   * What was found.
   *
   * @param candidates in no order
   * @param exhausted whether no deeper look would find more
   */
  record Found(List<Candidate> candidates, boolean exhausted) {}

  /**
   * The first of each ranking, as many as the depth says, unless there are not as many.
   *
   * @param depth chunks of each ranking
   */
  Found read(int depth) {
    if (vector == null && text == null) {
      return new Found(List.of(), true);
    }
    List<Row> rows = query(depth);
    boolean fewNear = vector != null && nearest(rows) < depth && vector.fallsBack();
    boolean fewFitting = text != null && best(rows) < depth && text.fallsBack();
    if (fewNear || fewFitting) {
      rows = query(depth);
    }
    return new Found(
        rows.stream().map(Row::candidate).toList(), nearest(rows) < depth && best(rows) < depth);
  }

  /** A chunk that was found, and how many each of the rankings found altogether. */
  private record Row(Candidate candidate, int nearest, int best) {}

  private static int nearest(List<Row> rows) {
    return rows.isEmpty() ? 0 : rows.getFirst().nearest();
  }

  private static int best(List<Row> rows) {
    return rows.isEmpty() ? 0 : rows.getFirst().best();
  }

  private List<Row> query(int depth) {
    Query query = conditions.bind(handle.createQuery(statement(depth)));
    if (vector != null) {
      vector.bind(query);
    }
    if (text != null) {
      text.bind(query);
    }
    return query
        .map((row, context) ->
            new Row(candidate(row), row.getInt("nearest_count"), row.getInt("best_count")))
        .list();
  }

  private String statement(int depth) {
    List<String> tables = new ArrayList<>();
    List<String> found = new ArrayList<>();
    if (text != null) {
      tables.add(TextRanking.TERMS);
      tables.add("best AS MATERIALIZED (" + text.best(depth) + ")");
      found.add("SELECT id FROM best");
    }
    if (vector != null) {
      tables.add("nearest AS MATERIALIZED (" + vector.nearest(depth) + ")");
      found.add("SELECT id FROM nearest");
    }
    return """
    WITH %s
    SELECT chunk.id, chunk.document_uri, document.title, chunk.category, chunk.repository,
           chunk.content, chunk.heading_path, chunk.chunk_index, document.chunk_count,
           chunk.start_line, chunk.end_line, chunk.page, document.commit_sha,
           coalesce(document.newest_change_at > document.changed_at, false) AS stale,
           %s AS similarity,
           %s AS text,
           %s AS nearest_count,
           %s AS best_count
      FROM (%s) found
      JOIN knowledge.embeddings chunk ON chunk.id = found.id
      JOIN knowledge.documents document ON document.uri = chunk.document_uri
    """
        .formatted(
            String.join(", ", tables),
            vector == null ? "CAST(NULL AS float8)" : vector.similarity(),
            text == null ? "CAST(NULL AS float8)" : TextRanking.SCORE,
            vector == null ? "0" : "(SELECT count(*) FROM nearest)",
            text == null ? "0" : "(SELECT count(*) FROM best)",
            String.join(" UNION ", found));
  }

  private static Candidate candidate(ResultSet row) throws SQLException {
    return new Candidate(
        row.getLong("id"),
        row.getString("document_uri"),
        row.getString("title"),
        row.getString("category"),
        row.getString("repository"),
        row.getString("content"),
        new Place(
            List.of((String[]) row.getArray("heading_path").getArray()),
            row.getInt("chunk_index"),
            row.getInt("chunk_count"),
            row.getObject("start_line", Integer.class),
            row.getObject("end_line", Integer.class),
            row.getObject("page", Integer.class)),
        row.getString("commit_sha"),
        row.getBoolean("stale"),
        row.getObject("similarity", Double.class),
        row.getObject("text", Double.class));
  }
}
