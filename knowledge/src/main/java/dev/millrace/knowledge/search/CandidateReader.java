package dev.millrace.knowledge.search;

import dev.millrace.knowledge.search.SearchHit.Place;
import dev.millrace.knowledge.vector.VectorSpace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks that a ranking found, and measures them for the other ranking too: a chunk that
 * one of them did not find among its first has a place in it all the same.
 */
final class CandidateReader {

  private final Handle handle;
  private final VectorSpace space;
  private final @Nullable String vector;
  private final @Nullable TextRanking text;

  /**
   * @param vector the question's; null in a search for text
   * @param text ranking by text; null in a search for vectors
   */
  CandidateReader(
      Handle handle, VectorSpace space, @Nullable String vector, @Nullable TextRanking text) {
    this.handle = handle;
    this.space = space;
    this.vector = vector;
    this.text = text;
  }

  List<Candidate> read(List<Long> ids) {
    Query query = handle.createQuery(statement()).bindArray("ids", Long.class, ids);
    if (vector != null) {
      query.bind("vector", vector);
    }
    if (text != null) {
      text.bindScore(query);
    }
    return query.map((row, context) -> candidate(row)).list();
  }

  private String statement() {
    String similarity =
        vector == null
            ? "CAST(NULL AS float8)"
            : "1 - (%s <=> %s)".formatted(space.column(), space.parameter("vector"));
    String score = text == null ? "CAST(NULL AS float8)" : TextRanking.SCORE;
    return (text == null ? "" : TextRanking.TERMS)
        + """
        SELECT chunk.id, chunk.document_uri, document.title, chunk.category, chunk.repository,
               chunk.content, chunk.heading_path, chunk.chunk_index, document.chunk_count,
               chunk.start_line, chunk.end_line, chunk.page, document.commit_sha,
               coalesce(document.newest_change_at > document.changed_at, false) AS stale,
               %s AS similarity,
               %s AS text
          FROM knowledge.embeddings chunk
          JOIN knowledge.documents document ON document.uri = chunk.document_uri
         WHERE chunk.id = ANY (:ids)
        """
            .formatted(similarity, score);
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
            row.getInt("start_line"),
            row.getInt("end_line"),
            row.getObject("page", Integer.class)),
        row.getString("commit_sha"),
        row.getBoolean("stale"),
        row.getObject("similarity", Double.class),
        row.getObject("text", Double.class));
  }
}
