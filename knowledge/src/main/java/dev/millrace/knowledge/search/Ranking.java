package dev.millrace.knowledge.search;

import dev.millrace.knowledge.search.SearchHit.Influence;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts candidates in order: by one of their two measures, or by their places in both orders. */
final class Ranking {

  /**
   * See {@link RankFusion}. With the paper's 60, the first places of both rankings count hardly
   * more than the twentieth; 5 to 20 put 2 to 3 points more of nDCG@10 on top where it was
   * measured.
   */
  private static final double SMOOTHING = 10;

  private static final RankFusion FUSION = new RankFusion(SMOOTHING);

  private static final Comparator<Candidate> BY_PLACE =
      Comparator.comparing(Candidate::source).thenComparingInt(c -> c.place().chunkIndex());

  private final List<Candidate> byVector;
  private final List<Candidate> byText;
  private final SearchRequest request;
  private final Taste taste;

  Ranking(List<Candidate> candidates, SearchRequest request, Taste taste) {
    this.request = request;
    this.taste = taste;
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
  }

  private static Comparator<Candidate> descending(Function<Candidate, Double> measure) {
    return Comparator.comparing(measure).reversed().thenComparing(BY_PLACE);
  }

  /** The best candidates as hits, at most as many as the request asks for. */
  List<SearchHit> hits() {
    Function<Candidate, Object> unit = request.onePerDocument() ? Candidate::source : Candidate::id;
    Map<Object, Integer> vectorRanks = ranks(byVector, unit);
    Map<Object, Integer> textRanks = ranks(byText, unit);
    Map<Object, Double> fused = FUSION.scores(List.of(vectorRanks.keySet(), textRanks.keySet()));
    return best(unit).values().stream()
        .map(candidate -> {
          Object key = unit.apply(candidate);
          List<Influence> influences = taste.influences(candidate);
          return candidate.hit(
              Taste.moved(score(candidate, fused.getOrDefault(key, 0.0)), influences),
              vectorRanks.get(key),
              textRanks.get(key),
              influences);
        })
        .sorted(
            Comparator.comparingDouble(SearchHit::score)
                .reversed()
                .thenComparing(SearchHit::source)
                .thenComparingInt(hit -> hit.place().chunkIndex()))
        .limit(request.limit())
        .toList();
  }

  private double score(Candidate candidate, double fused) {
    return switch (request.mode()) {
      case VECTOR -> candidate.similarityOrLowest();
      case TEXT -> candidate.textOrNone();
      case HYBRID -> fused;
    };
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

  /** The chunk to show of each document, or each chunk: the best in both rankings together. */
  private Map<Object, Candidate> best(Function<Candidate, Object> unit) {
    Map<Candidate, Double> scores = FUSION.scores(List.of(byVector, byText));
    Map<Object, Candidate> best = new HashMap<>();
    Stream.concat(byVector.stream(), byText.stream())
        .forEach(candidate ->
            best.merge(
                unit.apply(candidate),
                candidate,
                (a, b) -> score(scores.get(b)) > score(scores.get(a)) ? b : a));
    return best;
  }

  private static double score(@Nullable Double fused) {
    return fused == null ? 0 : fused;
  }
}
