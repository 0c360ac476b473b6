package dev.millrace.knowledge.search;

import dev.millrace.knowledge.search.TermStatistics.Totals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Ranks chunks by the words of the question that they have, with BM25: a rare word counts more than
 * a common one, a second occurrence less than the first, and a match in a short chunk more than one
 * in a long chunk. See Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
 * Beyond", 2009. PostgreSQL's own {@code ts_rank} does not know how rare a word is.
 *
 * <p>A chunk need not have all words. Where the words are in very many chunks, only chunks with one
 * of the rarer words are ranked: the others could hardly come before them.
 */
final class TextRanking {

  /** How soon further occurrences of a word stop to count; usual for short texts. */
  private static final double SATURATION = 0.9;

  /** How much the length of a chunk matters, 0 to 1; usual for texts of similar length. */
  private static final double LENGTH_WEIGHT = 0.4;

  /** Words of a question that count, the rarest of them. */
  private static final int MAX_WORDS = 48;

  /** Chunks that are ranked one by one, unless a single word is in more. */
  private static final long MAX_RANKED = 10_000;

  /** The words and their weights, as a common table expression. */
  static final String TERMS =
      """
      term AS MATERIALIZED (
        SELECT CAST(query AS tsquery) AS query, weight
          FROM unnest(:queries, :weights) word (query, weight)
      )
      """;

  /**
   * Score of a row of {@code knowledge.embeddings}. {@code ts_rank_cd} of a single word with all
   * weights 1 is the number of its occurrences, as each is a cover of its own.
   */
  static final String SCORE =
      """
      (SELECT coalesce(sum(term.weight * found.times / (found.times + :saturation
                * (1 - :lengthWeight + :lengthWeight * word_count / :averageWords))), 0)
         FROM term,
              LATERAL (SELECT ts_rank_cd('{1,1,1,1}', tsv, term.query) AS times) found
        WHERE found.times > 0)
      """;

  private final Conditions conditions;
  private final Totals totals;
  private final List<Term> terms;
  private boolean all;

  /** A word of the question: how rare it is, and how much it counts for that. */
  private record Term(String word, long chunks, double weight) {}

  TextRanking(Handle handle, Conditions conditions, TermStatistics statistics, String question) {
    this.conditions = conditions;
    this.totals = statistics.totals(handle);
    List<String> words = Words.of(handle, question);
    Map<String, Long> counts = statistics.chunksWith(handle, words);
    this.terms =
        words.stream()
            .map(word -> term(word, counts.getOrDefault(word, 0L)))
            .sorted(Comparator.comparingLong(Term::chunks).thenComparing(Term::word))
            .limit(MAX_WORDS)
            .toList();
  }

  private Term term(String word, long chunks) {
    double without = Math.max(0, totals.chunks() - chunks);
    return new Term(word, chunks, Math.log1p((without + 0.5) / (chunks + 0.5)));
  }

  /** Whether the question has a word that counts. */
  boolean hasWords() {
    return !terms.isEmpty();
  }

  /**
   * Notes that fewer chunks were found than asked for; whether more words would find more.
   *
   * @return true, once, if only chunks with one of the rarer words were looked at
   */
  boolean fallsBack() {
    boolean more = rareWords().size() < terms.size() && !all;
    all = all || more;
    return more;
  }

  /** The rarest words, as many as together are not in too many chunks. */
  private List<String> rareWords() {
    List<String> rare = new ArrayList<>();
    long chunks = 0;
    for (Term term : terms) {
      chunks += term.chunks();
      if (!rare.isEmpty() && chunks > MAX_RANKED) {
        break;
      }
      rare.add(term.word());
    }
    return rare;
  }

  /**
   * SQL query of the ids of the chunks that fit best, the best first; fewer than asked for only if
   * no more have one of the words.
   *
   * @param depth how many are asked for
   */
  String best(int depth) {
    return """
    SELECT id
      FROM (SELECT id, %s AS score
              FROM knowledge.embeddings
             WHERE %s AND tsv @@ CAST(:anyOf AS tsquery)) matching
     ORDER BY score DESC, id
     LIMIT %d
    """
        .formatted(SCORE, conditions.sql(), depth);
  }

  /** Binds what {@link #TERMS}, {@link #SCORE} and {@link #best} need, the filter aside. */
  <S extends SqlStatement<S>> S bind(S statement) {
    List<String> words = all ? terms.stream().map(Term::word).toList() : rareWords();
    return bindScore(statement).bind("anyOf", Words.anyOf(words));
  }

  private <S extends SqlStatement<S>> S bindScore(S statement) {
    return statement
        .bindArray("queries", String.class, terms.stream().map(t -> Words.query(t.word())).toList())
        .bindArray("weights", Double.class, terms.stream().map(Term::weight).toList())
        .bind("saturation", SATURATION)
        .bind("lengthWeight", LENGTH_WEIGHT)
        .bind("averageWords", Math.max(1, totals.averageWords()));
  }
}
