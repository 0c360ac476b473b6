package dev.millrace.benchmarks.search;

import dev.millrace.benchmarks.BenchKnowledge;
import dev.millrace.knowledge.vector.VectorSpace;
import java.util.HashSet;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The knowledge base filled with made-up chunks, and its exact answers. */
final class VectorTable {

  /** Category of one chunk in a hundred. */
  static final String ONE_PERCENT = "one-percent";

  /** Category of one chunk in a thousand. */
  static final String TENTH_PERCENT = "tenth-percent";

  private static final int CHUNKS_OF_A_DOCUMENT = 10;
  private static final int BATCH = 1_000;

  private final BenchKnowledge knowledge;
  private final SyntheticVectors vectors;

  VectorTable(BenchKnowledge knowledge, SyntheticVectors vectors) {
    this.knowledge = knowledge;
    this.vectors = vectors;
  }

  void fill(int chunks) {
    knowledge
        .jdbi()
        .useHandle(handle -> {
          handle.execute(
              """
              INSERT INTO knowledge.documents
                     (uri, revision, changed_at, content_hash, recipe, change_id, status, chunk_count,
                      embeddings_created, indexed_at)
              SELECT 'bench://' || number, 1, now(), 'hash', 'recipe', 'change', 'INDEXED', ?, ?, now()
                FROM generate_series(0, ?) number
              """,
              CHUNKS_OF_A_DOCUMENT,
              CHUNKS_OF_A_DOCUMENT,
              chunks / CHUNKS_OF_A_DOCUMENT);
          for (int from = 0; from < chunks; from += BATCH) {
            int first = from;
            handle.useTransaction(
                transaction -> insert(transaction, first, Math.min(chunks, first + BATCH)));
          }
          handle.execute("VACUUM ANALYZE knowledge.embeddings");
        });
  }

  private void insert(Handle handle, int from, int to) {
    VectorSpace space = vectors.space();
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO knowledge.embeddings
                   (document_uri, category, chunk_index, content, content_hash, heading_path,
                    start_line, end_line, start_char, end_char, model, dimensions, embedding)
            VALUES (:uri, :category, :index, :content, :content, '{}', 1, 1, 0, 1, :model,
                    :dimensions, %s)
            """
                .formatted(space.parameter("vector")));
    for (int i = from; i < to; i++) {
      batch
          .bind("uri", "bench://" + i / CHUNKS_OF_A_DOCUMENT)
          .bind("category", category(i))
          .bind("index", i % CHUNKS_OF_A_DOCUMENT)
          .bind("content", "chunk " + i)
          .bind("model", space.model())
          .bind("dimensions", space.dimensions())
          .bind("vector", space.argument(vectors.chunk(i)))
          .add();
    }
    batch.execute();
  }

  private static String category(int chunk) {
    if (chunk % 1_000 == 7) {
      return TENTH_PERCENT;
    }
    return chunk % 100 == 3 ? ONE_PERCENT : "rest";
  }

  /** Builds the index over all chunks; returns how long that took, in seconds. */
  double buildIndex() {
    long start = System.nanoTime();
    knowledge.index(vectors.space());
    return (System.nanoTime() - start) / 1e9;
  }

  double indexMegabytes() {
    return knowledge
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery("SELECT pg_relation_size(CAST(:index AS regclass)) / 1e6")
                .bind("index", "knowledge." + vectors.space().indexName())
                .mapTo(Double.class)
                .one());
  }

  /** What an exact search finds: all chunks that pass the filter are measured. */
  Set<String> nearest(int question, int count, @Nullable String category) {
    VectorSpace space = vectors.space();
    String filter = category == null ? "true" : "category = :category";
    return knowledge
        .jdbi()
        .withHandle(handle -> {
          Query query =
              handle
                  .createQuery(
                      """
                      SELECT content
                        FROM knowledge.embeddings
                       WHERE %s AND %s
                       ORDER BY %s <=> %s
                       LIMIT :count
                      """
                          .formatted(
                              space.condition(), filter, space.column(), space.parameter("vector")))
                  .bind("vector", space.argument(vectors.embed(Integer.toString(question))))
                  .bind("count", count);
          if (category != null) {
            query.bind("category", category);
          }
          return new HashSet<>(query.mapTo(String.class).list());
        });
  }
}
