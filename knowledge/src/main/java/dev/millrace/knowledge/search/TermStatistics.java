package dev.millrace.knowledge.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millrace.knowledge.vector.VectorSpace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * How many chunks there are, how long they are, and how many have a word. Counted in Postgres and
 * remembered for a while: a ranking hardly changes with them.
 */
final class TermStatistics {

  private static final Duration REMEMBERED = Duration.ofMinutes(1);
  private static final long MAX_WORDS = 50_000;

  private final VectorSpace space;
  private final Cache<String, Long> chunksByWord =
      Caffeine.newBuilder().maximumSize(MAX_WORDS).expireAfterWrite(REMEMBERED).build();
  private final Cache<Boolean, Totals> totals =
      Caffeine.newBuilder().expireAfterWrite(REMEMBERED).build();

  TermStatistics(VectorSpace space) {
    this.space = space;
  }

  /**
   * The knowledge base as a whole.
   *
   * @param chunks how many there are
   * @param averageWords of a chunk
   */
  record Totals(long chunks, double averageWords) {}

  Totals totals(Handle handle) {
    return totals.get(
        true,
        _ ->
            handle
                .createQuery(
                    """
                    SELECT count(*) AS chunks, coalesce(avg(word_count), 0) AS words
                      FROM knowledge.embeddings
                     WHERE %s
                    """
                        .formatted(space.condition()))
                .map((row, context) -> new Totals(row.getLong("chunks"), row.getDouble("words")))
                .one());
  }

  /** Chunks that have each of these words. */
  Map<String, Long> chunksWith(Handle handle, Collection<String> words) {
    Map<String, Long> counts = new HashMap<>(chunksByWord.getAllPresent(words));
    List<String> unknown = new ArrayList<>(words);
    unknown.removeAll(counts.keySet());
    if (!unknown.isEmpty()) {
      Map<String, Long> counted = count(handle, unknown);
      chunksByWord.putAll(counted);
      counts.putAll(counted);
    }
    return counts;
  }

  private Map<String, Long> count(Handle handle, List<String> words) {
    Map<String, Long> counts = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT term.word,
                   (SELECT count(*)
                      FROM knowledge.embeddings
                     WHERE %s AND tsv @@ CAST(term.query AS tsquery)) AS chunks
              FROM unnest(:words, :queries) term (word, query)
            """
                .formatted(space.condition()))
        .bindArray("words", String.class, words)
        .bindArray("queries", String.class, words.stream().map(Words::query).toList())
        .map((row, context) -> Map.entry(row.getString("word"), row.getLong("chunks")))
        .forEach(count -> counts.put(count.getKey(), count.getValue()));
    return counts;
  }
}
