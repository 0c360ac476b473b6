package dev.millrace.benchmarks.retrieval;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Measures of a ranking against grades, as trec_eval defines them; each is 0 to 1. */
final class Measures {

  private Measures() {}

  /**
   * Normalised discounted cumulative gain: the gain of a document is its grade, divided by the
   * binary logarithm of its place plus one; 1 is the best order possible.
   *
   * @param ranking documents, the best first
   * @param depth places that count
   */
  static double ndcg(List<String> ranking, Map<String, Integer> grades, int depth) {
    double ideal = gain(grades.values().stream().sorted(Comparator.reverseOrder()).toList(), depth);
    List<Integer> found = ranking.stream().map(id -> grades.getOrDefault(id, 0)).toList();
    return ideal == 0 ? 0 : gain(found, depth) / ideal;
  }

  private static double gain(List<Integer> grades, int depth) {
    double sum = 0;
    for (int i = 0; i < Math.min(depth, grades.size()); i++) {
      sum += Math.max(0, grades.get(i)) * Math.log(2) / Math.log(i + 2.0);
    }
    return sum;
  }

  /** Part of the relevant documents that is among the first places. */
  static double recall(List<String> ranking, Map<String, Integer> grades, int depth) {
    long relevant = grades.values().stream().filter(grade -> grade > 0).count();
    long found = ranking.stream().limit(depth).filter(id -> grades.getOrDefault(id, 0) > 0).count();
    return relevant == 0 ? 0 : (double) found / relevant;
  }
}
