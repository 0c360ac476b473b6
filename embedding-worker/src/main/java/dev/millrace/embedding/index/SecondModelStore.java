package dev.millrace.embedding.index;

import dev.millrace.embedding.chunk.Chunk;
import dev.millrace.knowledge.vector.VectorSpace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a second model beside those of the first: which documents lack them, and the
 * chunks to make them of. Every method throws {@link UnavailableException} when Postgres cannot be
 * reached.
 */
final class SecondModelStore {

  private final Jdbi jdbi;
  private final String first;
  private final VectorSpace second;
  private final ChunkRows rows;

  /**
   * @param first model that documents are indexed with
   * @param second space of the model beside it
   */
  SecondModelStore(Jdbi jdbi, String first, VectorSpace second) {
    this.jdbi = jdbi;
    this.first = first;
    this.second = second;
    this.rows = new ChunkRows(second);
  }

  /** A document at a revision. */
  record Revision(String uri, long number) {}

  /** A chunk with what was embedded of it. */
  record Source(Chunk chunk, String text) {}

  /**
   * Documents whose vectors of the second model are not those of their newest revision.
   *
   * @param besides documents to leave out
   */
  List<Revision> lacking(Collection<String> besides, int limit) {
    return IndexDatabase.call(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT document.uri, document.revision
                      FROM knowledge.documents document
                      LEFT JOIN knowledge.second_models done
                        ON done.document_uri = document.uri AND done.model = :model
                     WHERE done.revision IS DISTINCT FROM document.revision
                       AND document.uri <> ALL (:besides)
                     ORDER BY document.uri
                     LIMIT :limit
                    """)
                .bind("model", second.model())
                .bindArray("besides", String.class, List.copyOf(besides))
                .bind("limit", limit)
                .map((row, context) -> new Revision(row.getString("uri"), row.getLong("revision")))
                .list()));
  }

  /** Chunks of a document as the first model has them. */
  List<Source> sources(String uri) {
    return IndexDatabase.call(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT title, content, content_hash, heading_path, start_char, end_char,
                           start_line, end_line, page,
                           CAST(row_number() OVER (ORDER BY chunk_index) AS integer) - 1 AS place
                      FROM knowledge.embeddings
                     WHERE document_uri = :uri AND model = :model
                     ORDER BY chunk_index
                    """)
                .bind("uri", uri)
                .bind("model", first)
                .map((row, context) -> source(row))
                .list()));
  }

  private static Source source(ResultSet row) throws SQLException {
    Chunk chunk =
        new Chunk(
            row.getInt("place"),
            row.getString("content"),
            List.of((String[]) row.getArray("heading_path").getArray()),
            row.getInt("start_char"),
            row.getInt("end_char"),
            row.getObject("start_line", Integer.class),
            row.getObject("end_line", Integer.class),
            row.getObject("page", Integer.class));
    @Nullable String title = row.getString("title");
    return new Source(chunk, EmbeddedText.stored(chunk, title, row.getString("content_hash")));
  }

  /**
   * Replaces the vectors of a document at once.
   *
   * @return false, and nothing is changed, if the document is at another revision
   */
  boolean replace(Revision document, List<PlacedChunk> chunks) {
    return IndexDatabase.call(() ->
        jdbi.inTransaction(handle -> {
          if (!PostgresDocumentStore.lock(handle, document.uri(), document.number())) {
            return false;
          }
          rows.deleteOwn(handle, document.uri(), chunks);
          ChunkRows.move(handle, document.uri(), chunks);
          rows.insert(handle, document.uri(), chunks);
          handle
              .createUpdate(
                  """
                  INSERT INTO knowledge.second_models (document_uri, model, revision)
                  VALUES (:uri, :model, :revision)
                      ON CONFLICT (document_uri, model) DO UPDATE SET revision = excluded.revision
                  """)
              .bind("uri", document.uri())
              .bind("model", second.model())
              .bind("revision", document.number())
              .execute();
          return true;
        }));
  }
}
