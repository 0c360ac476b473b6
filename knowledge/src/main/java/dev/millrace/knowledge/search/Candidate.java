package dev.millrace.knowledge.search;

import dev.millrace.knowledge.search.SearchHit.Influence;
import dev.millrace.knowledge.search.SearchHit.Place;
import dev.millrace.knowledge.search.SearchHit.Relevance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chunk that one of the rankings found, with what it is worth in both.
 *
 * @param id row of the chunk
 * @param similarity cosine to the question; null in a search for text
 * @param text BM25 of the words of the question, 0 if it has none of them; null in a search for
 *     vectors
 */
record Candidate(
    long id,
    String source,
    @Nullable String title,
    @Nullable String category,
    @Nullable String repository,
    String content,
    Place place,
    @Nullable String commitSha,
    boolean stale,
    @Nullable Double similarity,
    @Nullable Double text) {

  double similarityOrLowest() {
    return similarity == null ? Double.NEGATIVE_INFINITY : similarity;
  }

  double textOrNone() {
    return text == null ? 0 : text;
  }

  SearchHit hit(
      double score,
      @Nullable Integer vectorRank,
      @Nullable Integer textRank,
      List<Influence> influences) {
    return new SearchHit(
        source,
        title,
        category,
        repository,
        content,
        place,
        commitSha,
        stale,
        score,
        new Relevance(similarity, text, vectorRank, textRank, influences));
  }
}
