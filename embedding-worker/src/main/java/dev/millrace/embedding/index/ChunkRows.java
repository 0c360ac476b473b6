package dev.millrace.embedding.index;

import dev.millrace.embedding.chunk.Chunk;
import dev.millrace.embedding.index.PlacedChunk.Vector;
import dev.millrace.knowledge.vector.VectorSpace;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The rows of {@code knowledge.embeddings} that are the chunks of one document, written in the
 * transaction of somebody who holds the document's lock.
 *
 * @param space the space of the vectors that are written
 */
record ChunkRows(VectorSpace space) {

  /** Rows that are sent to Postgres at once. */
  private static final int BATCH_SIZE = 500;

  /**
   * Deletes the chunks of a document that are not among these.
   *
   * @param spared models whose chunks are left alone
   */
  static void deleteOthers(
      Handle handle, String uri, List<PlacedChunk> chunks, Collection<String> spared) {
    delete(handle, uri, chunks, "model <> ALL (:models)", spared);
  }

  /** Deletes the chunks of a document that have a vector of this space and are not among these. */
  void deleteOwn(Handle handle, String uri, List<PlacedChunk> chunks) {
    delete(handle, uri, chunks, "model = ANY (:models)", List.of(space.model()));
  }

  private static void delete(
      Handle handle,
      String uri,
      List<PlacedChunk> chunks,
      String condition,
      Collection<String> models) {
    Long[] kept =
        chunks.stream().map(PlacedChunk::storedId).filter(Objects::nonNull).toArray(Long[]::new);
    handle
        .createUpdate(
            "DELETE FROM knowledge.embeddings WHERE document_uri = :uri AND id <> ALL (:kept) AND "
                + condition)
        .bind("uri", uri)
        .bindArray("kept", Long.class, (Object[]) kept)
        .bindArray("models", String.class, List.copyOf(models))
        .execute();
  }

  /** Puts chunks that keep their vector in their new place; those that did not move stay as is. */
  static void move(Handle handle, String uri, List<PlacedChunk> chunks) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE knowledge.embeddings chunk
               SET chunk_index = :index, content = :content, heading_path = :headings,
                   start_line = :startLine, end_line = :endLine,
                   start_char = :startChar, end_char = :endChar, page = :page,
                   category = document.category,
                   title = document.title
              FROM knowledge.documents document
             WHERE chunk.id = :id
               AND document.uri = :uri
               AND (chunk.chunk_index, chunk.content, chunk.heading_path, chunk.start_line,
                    chunk.end_line, chunk.start_char, chunk.end_char, chunk.page, chunk.category,
                    chunk.title)
                   IS DISTINCT FROM
                   (:index, :content, CAST(:headings AS text[]), CAST(:startLine AS integer),
                    CAST(:endLine AS integer), :startChar, :endChar, CAST(:page AS integer), document.category, document.title)
            """);
    for (PlacedChunk placed : chunks) {
      if (placed.vector() instanceof Vector.Stored(long id)) {
        bind(batch, uri, placed.chunk()).bind("id", id).add();
        executeWhenFull(batch);
      }
    }
    batch.execute();
  }

  void insert(Handle handle, String uri, List<PlacedChunk> chunks) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO knowledge.embeddings
                   (document_uri, title, category, repository, chunk_index, content, content_hash,
                    heading_path, start_line, end_line, start_char, end_char, page, model,
                    dimensions, embedding)
            SELECT document.uri, document.title, document.category, document.repository, :index, :content, :hash,
                   :headings, :startLine, :endLine, :startChar, :endChar, :page, :model,
                   :dimensions, %s
              FROM knowledge.documents document
             WHERE document.uri = :uri
            """
                .formatted(space.parameter("vector")));
    for (PlacedChunk placed : chunks) {
      if (placed.vector() instanceof Vector.Created(float[] values)) {
        bind(batch, uri, placed.chunk())
            .bind("hash", placed.hash())
            .bind("model", space.model())
            .bind("dimensions", space.dimensions())
            .bind("vector", space.argument(values))
            .add();
        executeWhenFull(batch);
      }
    }
    batch.execute();
  }

  private static void executeWhenFull(PreparedBatch batch) {
    if (batch.size() >= BATCH_SIZE) {
      batch.execute();
    }
  }

  private static PreparedBatch bind(PreparedBatch batch, String uri, Chunk chunk) {
    return batch
        .bind("uri", uri)
        .bind("index", chunk.index())
        .bind("content", chunk.content())
        .bindArray("headings", String.class, chunk.headingPath())
        .bind("startLine", chunk.startLine())
        .bind("endLine", chunk.endLine())
        .bind("startChar", chunk.startChar())
        .bind("endChar", chunk.endChar())
        .bind("page", chunk.page());
  }
}
