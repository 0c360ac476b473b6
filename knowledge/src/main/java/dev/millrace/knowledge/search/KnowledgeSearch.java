package dev.millrace.knowledge.search;

import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.vector.VectorSpace;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/** Search over the indexed chunks: those whose vectors are nearest to that of the question. */
public final class KnowledgeSearch {

  /**
   * Candidates the index keeps in view; pgvector's default, 40, loses some of the nearest ten.
   * Never below the number of hits asked for.
   */
  private static final int MIN_EF_SEARCH = 100;

  /** Strict order: the scan goes on behind the candidates until the filter has kept enough. */
  private static final String SETTINGS =
      """
      SELECT set_config('hnsw.iterative_scan', 'strict_order', true) AS scan,
             set_config('hnsw.ef_search', :efSearch, true) AS candidates
      """;

  private final Jdbi jdbi;
  private final EmbeddingModel model;

  /**
   * @param model the model that the documents are embedded with
   */
  public KnowledgeSearch(Jdbi jdbi, EmbeddingModel model) {
    this.jdbi = jdbi;
    this.model = model;
  }

  /**
   * The chunks nearest to the question, the nearest first: as many as asked for, unless fewer pass
   * the filters.
   *
   * @throws dev.millrace.knowledge.embedding.EmbeddingUnavailableException if the model cannot be
   *     reached
   * @throws org.jdbi.v3.core.JdbiException if Postgres cannot be reached
   */
  public List<SearchHit> search(SearchRequest request) {
    String vector = model.space().text(model.embed(request.query()));
    return jdbi.inTransaction(handle -> {
      configure(handle, request);
      List<SearchHit> hits = run(handle, indexed(request), request, vector);
      return hits.size() < request.limit() && request.isFiltered()
          ? run(handle, exact(request), request, vector)
          : hits;
    });
  }

  private static void configure(Handle handle, SearchRequest request) {
    int efSearch = Math.max(MIN_EF_SEARCH, request.limit());
    handle.createQuery(SETTINGS).bind("efSearch", Integer.toString(efSearch)).mapToMap().one();
  }

  private String indexed(SearchRequest request) {
    VectorSpace space = model.space();
    return statement(request, space.column() + " <=> " + space.parameter("vector"));
  }

  /**
   * Measures every row that passes the filters: an index scan gives up after some ten thousand
   * rows, which a narrow filter may not pass. The planner cannot use the index for a sum.
   */
  private String exact(SearchRequest request) {
    VectorSpace space = model.space();
    return statement(request, "(" + space.column() + " <=> " + space.parameter("vector") + ") + 0");
  }

  private String statement(SearchRequest request, String order) {
    VectorSpace space = model.space();
    StringBuilder condition = new StringBuilder(space.condition());
    if (request.category() != null) {
      condition.append(" AND category = :category");
    }
    if (request.repository() != null) {
      condition.append(" AND repository = :repository");
    }
    if (request.source() != null) {
      condition.append(" AND document_uri = :source");
    }
    return """
    SELECT hit.document_uri, hit.category, hit.repository, hit.content, hit.heading_path,
           hit.chunk_index, document.chunk_count, hit.start_line, hit.end_line,
           1 - hit.distance AS similarity, document.commit_sha
      FROM (SELECT chunk.*, %1$s <=> %2$s AS distance
              FROM knowledge.embeddings chunk
             WHERE %3$s
             ORDER BY %4$s
             LIMIT :limit) hit
      JOIN knowledge.documents document ON document.uri = hit.document_uri
     ORDER BY hit.distance, hit.document_uri, hit.chunk_index
    """
        .formatted(space.column(), space.parameter("vector"), condition, order);
  }

  private static List<SearchHit> run(
      Handle handle, String statement, SearchRequest request, String vector) {
    Query query =
        handle.createQuery(statement).bind("vector", vector).bind("limit", request.limit());
    if (request.category() != null) {
      query.bind("category", request.category());
    }
    if (request.repository() != null) {
      query.bind("repository", request.repository());
    }
    if (request.source() != null) {
      query.bind("source", request.source());
    }
    return query.map((row, context) -> hit(row)).list();
  }

  private static SearchHit hit(ResultSet row) throws SQLException {
    return new SearchHit(
        row.getString("document_uri"),
        row.getString("category"),
        row.getString("repository"),
        row.getString("content"),
        texts(row.getArray("heading_path")),
        row.getInt("chunk_index"),
        row.getInt("chunk_count"),
        row.getInt("start_line"),
        row.getInt("end_line"),
        row.getDouble("similarity"),
        row.getString("commit_sha"));
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }
}
