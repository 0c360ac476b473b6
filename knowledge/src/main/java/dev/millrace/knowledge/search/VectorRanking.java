package dev.millrace.knowledge.search;

import dev.millrace.knowledge.vector.VectorSpace;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Ranks chunks by the angle between their vectors and that of the question.
 *
 * <p>Where a filter leaves few chunks, all of them are measured, which is exact and quick. Else the
 * index is used, and its scan goes on behind the nearest until the filter has kept enough; where it
 * gives up before, all are measured after all. So a filter never costs hits.
 */
final class VectorRanking {

  /**
   * Candidates the index keeps in view; pgvector's default, 40, loses some of the nearest ten.
   * Never below the number asked for.
   */
  private static final int MIN_EF_SEARCH = 100;

  /** Chunks that are measured one by one in less time than the index takes to find them. */
  private static final int FEW_CHUNKS = 2_000;

  private static final String SETTINGS =
      """
      SELECT set_config('hnsw.iterative_scan', 'strict_order', true) AS scan,
             set_config('hnsw.ef_search', :efSearch, true) AS candidates
      """;

  private final Handle handle;
  private final Conditions conditions;
  private final String vector;

  /**
   * @param handle in a transaction, whose settings are changed
   * @param vector the question's, as text
   */
  VectorRanking(Handle handle, Conditions conditions, String vector) {
    this.handle = handle;
    this.conditions = conditions;
    this.vector = vector;
  }

  /** Ids of the nearest chunks, the nearest first; fewer only if no more pass the filter. */
  List<Long> nearest(int count) {
    if (!conditions.filter().isEmpty() && fewPass()) {
      return run(exactly(), count);
    }
    int efSearch = Math.max(MIN_EF_SEARCH, Math.min(count, 1_000));
    handle.createQuery(SETTINGS).bind("efSearch", Integer.toString(efSearch)).mapToMap().one();
    List<Long> found = run(indexed(), count);
    return found.size() < count && !conditions.filter().isEmpty() ? run(exactly(), count) : found;
  }

  private boolean fewPass() {
    String sql =
        "SELECT count(*) <= :few FROM (SELECT FROM knowledge.embeddings WHERE %s LIMIT :few + 1) a"
            .formatted(conditions.sql());
    return conditions
        .bind(handle.createQuery(sql))
        .bind("few", FEW_CHUNKS)
        .mapTo(Boolean.class)
        .one();
  }

  private String indexed() {
    VectorSpace space = conditions.space();
    return space.indexColumn() + " <=> " + space.indexParameter("vector");
  }

  /** The index has no numbers of this size. */
  private String exactly() {
    VectorSpace space = conditions.space();
    return space.column() + " <=> " + space.parameter("vector");
  }

  private List<Long> run(String order, int count) {
    String sql =
        "SELECT id FROM knowledge.embeddings WHERE %s ORDER BY %s LIMIT :count"
            .formatted(conditions.sql(), order);
    return conditions
        .bind(handle.createQuery(sql))
        .bind("vector", vector)
        .bind("count", count)
        .mapTo(Long.class)
        .list();
  }
}
