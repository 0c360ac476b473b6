package dev.millrace.knowledge.vector;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The index over the vectors of one model. */
public final class VectorIndex {

  /** Locks out a second instance that makes the same index; any number that no one else uses. */
  private static final long LOCK = 6_073_284_510_938L;

  private VectorIndex() {}

  /**
   * Makes the index if it is missing. On a large table that takes minutes, in which rows can be
   * read but not written.
   */
  public static void ensure(Jdbi jdbi, VectorSpace space) {
    jdbi.useTransaction(handle -> {
      lock(handle);
      handle.execute(
          """
          CREATE INDEX IF NOT EXISTS %s
              ON knowledge.embeddings
           USING hnsw ((%s) halfvec_cosine_ops)
           WHERE %s
          """
              .formatted(space.indexName(), space.indexColumn(), space.condition()));
    });
  }

  private static void lock(Handle handle) {
    handle
        .createQuery("SELECT pg_advisory_xact_lock(:lock) IS NULL")
        .bind("lock", LOCK)
        .mapTo(Boolean.class)
        .one();
  }
}
