package dev.millrace.knowledge.search;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins rankings by reciprocal rank: what is near the top of several comes before what is at the
 * top of one. Scores of different kinds need not be comparable for that. See Cormack, Clarke and
 * Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods",
 * SIGIR 2009.
 */
final class RankFusion {

  private final double smoothing;

  /**
   * @param smoothing places of a ranking that count about the same as the first; the paper's is 60
   */
  RankFusion(double smoothing) {
    this.smoothing = smoothing;
  }

  /**
   * Score of everything that is in a ranking.
   *
   * @param rankings each iterates with the best first, and has nothing twice
   */
  <T> Map<T, Double> scores(List<? extends Collection<T>> rankings) {
    Map<T, Double> scores = new HashMap<>();
    for (Collection<T> ranking : rankings) {
      int rank = 0;
      for (T each : ranking) {
        rank++;
        scores.merge(each, 1 / (smoothing + rank), Double::sum);
      }
    }
    return scores;
  }
}
