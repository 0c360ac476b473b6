package dev.millrace.knowledge.search;

import dev.millrace.knowledge.search.SearchHit.Influence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Puts candidates in order: by one of their two measures, or by both together.
 *
 * <p>Both together are a weighted sum of the two measures, each as a part of what it could be at
 * most. That ranks better than to add up reciprocal ranks, which forget by how much one passage is
 * nearer than the next, and its weight holds for collections that it was not chosen on. See Bruch,
 * Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", ACM TOIS 2023, where it
 * is called a convex combination with theoretical minimum and maximum.
 */
final class Ranking {

  /**
   * Of vectors; words have the rest. The best on the two collections of docs/decisions/0007
   * together.
   */
  private static final double VECTOR_WEIGHT = 0.8;

  /** The lowest cosine. */
  private static final double LOWEST_SIMILARITY = -1;

  /**
   * A hybrid score is 1 / (this + place): how little more the first place is worth than the next.
   */
  private static final double PLACE_OFFSET = 10;

  private static final Comparator<Candidate> BY_PLACE =
      Comparator.comparing(Candidate::source).thenComparingInt(c -> c.place().chunkIndex());

  private final List<Candidate> byVector;
  private final List<Candidate> byText;
  private final SearchRequest request;
  private final Personalization personalization;
  private final double bestSimilarity;
  private final double bestText;

  Ranking(List<Candidate> candidates, SearchRequest request, Personalization personalization) {
    this.request = request;
    this.personalization = personalization;
    this.byVector =
        request.mode() == SearchMode.TEXT
            ? List.of()
            : candidates.stream().sorted(descending(Candidate::similarityOrLowest)).toList();
    this.byText =
        request.mode() == SearchMode.VECTOR
            ? List.of()
            : candidates.stream()
                .filter(candidate -> candidate.textOrNone() > 0)
                .sorted(descending(Candidate::textOrNone))
                .toList();
    this.bestSimilarity =
        byVector.isEmpty() ? LOWEST_SIMILARITY : byVector.getFirst().similarityOrLowest();
    this.bestText = byText.isEmpty() ? 0 : byText.getFirst().textOrNone();
  }

  private static Comparator<Candidate> descending(Function<Candidate, Double> measure) {
    return Comparator.comparing(measure).reversed().thenComparing(BY_PLACE);
  }

  /** The best candidates as hits, at most as many as the request asks for. */
  List<SearchHit> hits() {
    Function<Candidate, Object> unit = request.onePerDocument() ? Candidate::source : Candidate::id;
    Map<Object, Integer> vectorRanks = ranks(byVector, unit);
    Map<Object, Integer> textRanks = ranks(byText, unit);
    List<Candidate> best = best(unit);
    List<SearchHit> hits = new ArrayList<>(best.size());
    for (int place = 1; place <= best.size(); place++) {
      Candidate candidate = best.get(place - 1);
      Object key = unit.apply(candidate);
      List<Influence> influences = personalization.influences(candidate);
      hits.add(
          candidate.hit(
              Personalization.moved(score(candidate, place), influences),
              vectorRanks.get(key),
              textRanks.get(key),
              influences));
    }
    return hits.stream()
        .sorted(
            Comparator.comparingDouble(SearchHit::score)
                .reversed()
                .thenComparing(SearchHit::source)
                .thenComparingInt(hit -> hit.place().chunkIndex()))
        .limit(request.limit())
        .toList();
  }

  private double score(Candidate candidate, int place) {
    return request.mode() == SearchMode.HYBRID ? 1 / (PLACE_OFFSET + place) : measure(candidate);
  }

  private double measure(Candidate candidate) {
    return switch (request.mode()) {
      case VECTOR -> candidate.similarityOrLowest();
      case TEXT -> candidate.textOrNone();
      case HYBRID ->
          VECTOR_WEIGHT * part(candidate.similarityOrLowest(), LOWEST_SIMILARITY, bestSimilarity)
              + (1 - VECTOR_WEIGHT) * part(candidate.textOrNone(), 0, bestText);
    };
  }

  private static double part(double value, double least, double most) {
    return most > least ? (value - least) / (most - least) : 0;
  }

  /** Place of each chunk or document, from 1; a document is where its best chunk is. */
  private static Map<Object, Integer> ranks(
      List<Candidate> ranking, Function<Candidate, Object> unit) {
    Map<Object, Integer> ranks = new LinkedHashMap<>();
    for (Candidate candidate : ranking) {
      ranks.putIfAbsent(unit.apply(candidate), ranks.size() + 1);
    }
    return ranks;
  }

  /** The chunk to show of each document, or each chunk, the best first. */
  private List<Candidate> best(Function<Candidate, Object> unit) {
    Map<Object, Candidate> best = new HashMap<>();
    Stream.concat(byVector.stream(), byText.stream())
        .forEach(candidate ->
            best.merge(
                unit.apply(candidate), candidate, (a, b) -> measure(b) > measure(a) ? b : a));
    return best.values().stream().sorted(descending(this::measure)).toList();
  }
}
