package dev.millrace.benchmarks.retrieval;

import dev.millrace.benchmarks.BenchKnowledge;
import dev.millrace.benchmarks.Figure;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.embedding.EmbeddingModels;
import dev.millrace.knowledge.search.KnowledgeSearch;
import dev.millrace.knowledge.search.SearchMode;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.failure.Texts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench retrieval}. */
@Command(
    name = "retrieval",
    mixinStandardHelpOptions = true,
    description = {
      "Indexes a test collection in the layout of BEIR (corpus.jsonl, queries.jsonl,",
      "qrels/test.tsv) as the embedding worker does, and searches it by vector, by text and by",
      "both. Goal: hybrid_ndcg10 at least 5% above the better of the other two."
    })
public final class RetrievalBenchmark implements Callable<Integer> {

  private static final int NDCG_DEPTH = 10;
  private static final int RECALL_DEPTH = 100;
  private static final int THREADS = 4;

  @Option(names = "--dataset", required = true, description = "Folder of the collection.")
  private Path dataset = Path.of("");

  private record Result(double ndcg, double recall) {}

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    BeirCollection collection = BeirCollection.open(dataset);
    EmbeddingModel model = EmbeddingModels.from(Environment.system());
    try (BenchKnowledge knowledge = BenchKnowledge.start()) {
      knowledge.index(model.space());
      new CollectionIndexing(knowledge.jdbi(), model).index(collection);
      KnowledgeSearch search = new KnowledgeSearch(knowledge.database(), model);
      for (SearchMode mode : SearchMode.values()) {
        print(mode, run(search, mode, collection));
      }
    }
    return 0;
  }

  private static void print(SearchMode mode, List<Result> results) {
    String name = mode.name().toLowerCase(Locale.ROOT);
    double queries = Math.max(1, results.size());
    new Figure(name + "_ndcg10", results.stream().mapToDouble(Result::ndcg).sum() / queries, "1")
        .print();
    new Figure(
            name + "_recall100", results.stream().mapToDouble(Result::recall).sum() / queries, "1")
        .print();
  }

  private static List<Result> run(
      KnowledgeSearch search, SearchMode mode, BeirCollection collection)
      throws InterruptedException, ExecutionException {
    System.err.printf("bench: %d queries, %s%n", collection.queries().size(), mode);
    List<Future<Result>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (Map.Entry<String, String> query : collection.queries().entrySet()) {
        running.add(
            threads.submit(() -> result(search, mode, query, collection.grades(query.getKey()))));
      }
    }
    List<Result> results = new ArrayList<>();
    for (Future<Result> each : running) {
      results.add(each.get());
    }
    return results;
  }

  /**
   * In some collections queries are documents themselves, which then do not count: one more is
   * asked for, so that as many are left.
   */
  private static Result result(
      KnowledgeSearch search,
      SearchMode mode,
      Map.Entry<String, String> query,
      Map<String, Integer> grades) {
    SearchRequest request =
        SearchRequest.of(shortened(query.getValue()), RECALL_DEPTH + 1).in(mode).byDocument();
    List<String> ranking =
        search.search(request).stream()
            .map(hit -> CollectionIndexing.id(hit.source()))
            .filter(id -> !id.equals(query.getKey()))
            .toList();
    return new Result(
        Measures.ndcg(ranking, grades, NDCG_DEPTH), Measures.recall(ranking, grades, RECALL_DEPTH));
  }

  private static String shortened(String query) {
    return Texts.beginning(query, SearchRequest.MAX_QUERY_LENGTH);
  }
}
