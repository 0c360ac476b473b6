package dev.millrace.benchmarks.search;

import dev.millrace.benchmarks.BenchKnowledge;
import dev.millrace.benchmarks.Figure;
import dev.millrace.knowledge.search.KnowledgeSearch;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchMode;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.knowledge.search.SearchRequest.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench search}. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = {
      "Searches by vector among many chunks of 384 dimensions, 16 at once, and compares what is",
      "found with an exact search: of everything, of the 1% and of the 0.1% that a filter keeps.",
      "The vectors of the questions are there before: no model runs. Goals: search_p95_ms under",
      "20, recalls at least 0.95."
    })
public final class SearchBenchmark implements Callable<Integer> {

  private static final int CONCURRENT = 16;
  private static final int HITS = 10;
  private static final int RECALL_QUESTIONS = 100;
  private static final long MAX_MICROS = 60_000_000;

  @Option(
      names = "--chunks",
      defaultValue = "100000",
      description = "Chunks (default: ${DEFAULT-VALUE}).")
  private int chunks;

  @Option(
      names = "--searches",
      defaultValue = "4000",
      description = "Searches that are timed (default: ${DEFAULT-VALUE}).")
  private int searches;

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    SyntheticVectors vectors = new SyntheticVectors();
    try (BenchKnowledge knowledge = BenchKnowledge.start()) {
      VectorTable table = new VectorTable(knowledge, vectors);
      System.err.printf("bench: writing %d chunks%n", chunks);
      table.fill(chunks);
      System.err.println("bench: building the index");
      double buildSeconds = table.buildIndex();
      KnowledgeSearch search = new KnowledgeSearch(knowledge.database(), vectors);
      System.err.println("bench: warming up");
      time(search, searches);
      Histogram latencies = time(search, searches);
      double all = recall(search, table, Filter.NONE);
      double filter1 = recall(search, table, new Filter(VectorTable.ONE_PERCENT, null, null));
      double filter01 = recall(search, table, new Filter(VectorTable.TENTH_PERCENT, null, null));
      new Figure("index_build_seconds", buildSeconds, "s").print();
      new Figure("index_mb", table.indexMegabytes(), "MB").print();
      new Figure("search_p50_ms", latencies.getValueAtPercentile(50) / 1_000.0, "ms").print();
      new Figure("search_p95_ms", latencies.getValueAtPercentile(95) / 1_000.0, "ms").print();
      new Figure("search_recall10", all, "1").print();
      new Figure("search_recall10_filter1", filter1, "1").print();
      new Figure("search_recall10_filter01", filter01, "1").print();
    }
    return 0;
  }

  private static SearchRequest request(int question, Filter filter) {
    return SearchRequest.of(Integer.toString(question), HITS).in(SearchMode.VECTOR).within(filter);
  }

  /** Latencies in microseconds, of searches that follow each other on 16 threads. */
  private static Histogram time(KnowledgeSearch search, int count)
      throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    Histogram latencies = new Histogram(MAX_MICROS, 3);
    List<Future<Histogram>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CONCURRENT)) {
      for (int i = 0; i < CONCURRENT; i++) {
        running.add(
            threads.submit(() -> {
              Histogram own = new Histogram(MAX_MICROS, 3);
              for (int q = next.getAndIncrement(); q < count; q = next.getAndIncrement()) {
                long start = System.nanoTime();
                search.search(request(q, Filter.NONE));
                own.recordValue(Math.min(MAX_MICROS, (System.nanoTime() - start) / 1_000));
              }
              return own;
            }));
      }
    }
    for (Future<Histogram> each : running) {
      latencies.add(each.get());
    }
    return latencies;
  }

  /** Part of the ten nearest chunks of an exact search that the search finds. */
  private static double recall(KnowledgeSearch search, VectorTable table, Filter filter) {
    int found = 0;
    int wanted = 0;
    for (int question = 0; question < RECALL_QUESTIONS; question++) {
      Set<String> exact = table.nearest(question, HITS, filter.category());
      Set<String> hits =
          search.search(request(question, filter)).stream()
              .map(SearchHit::content)
              .collect(Collectors.toSet());
      wanted += exact.size();
      found += (int) exact.stream().filter(hits::contains).count();
    }
    return wanted == 0 ? 0 : (double) found / wanted;
  }
}
