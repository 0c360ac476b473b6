package dev.millrace.benchmarks.embed;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.benchmarks.BenchPipeline;
import dev.millrace.benchmarks.Figure;
import dev.millrace.embedding.chunk.Chunk;
import dev.millrace.embedding.chunk.ChunkLimits;
import dev.millrace.embedding.chunk.Chunker;
import dev.millrace.embedding.parse.Parsers;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.embedding.EmbeddingModels;
import dev.millrace.standalone.embedded.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench embed}. */
@Command(
    name = "embed",
    mixinStandardHelpOptions = true,
    description = {
      "Posts documents and waits until searches find them, and embeds the same chunks with the",
      "same model in a bare loop, in turn in one run. Goal: embed_ratio at least 0.85."
    })
public final class EmbedBenchmark implements Callable<Integer> {

  private static final ChunkLimits LIMITS = new ChunkLimits(200, 30);
  private static final int BATCH = 32;
  private static final int CONCURRENT_POSTS = 6;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @Option(
      names = "--documents",
      defaultValue = "40",
      description = "Documents of a round, of about 15 chunks each (default: ${DEFAULT-VALUE}).")
  private int documents;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds of each, in turn (default: ${DEFAULT-VALUE}).")
  private int rounds;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    Map<String, String> environment =
        Map.of("RATE_LIMIT_PER_SECOND", "1000000", "RATE_LIMIT_BURST", "1000000");
    try (BenchPipeline bench =
        BenchPipeline.start(List.of("ingest-gateway", "embedding-worker"), environment)) {
      EmbeddingModel model = EmbeddingModels.from(bench.pipeline().environment());
      Chunker chunker = new Chunker(model::countTokens, LIMITS);
      System.err.println("bench: warming up");
      List<String> warmUp = texts(0);
      post(bench, warmUp, 0);
      bare(model, chunks(chunker, warmUp));
      List<Double> ratios = new ArrayList<>();
      List<Double> rates = new ArrayList<>();
      for (int round = 1; round <= rounds; round++) {
        List<String> texts = texts(round);
        List<String> chunks = chunks(chunker, texts);
        double bare = chunks.size() / bare(model, chunks);
        double pipeline = chunks.size() / post(bench, texts, round);
        rates.add(pipeline);
        ratios.add(pipeline / bare);
        System.err.printf(
            "bench: round %d: %d chunks, pipeline %.1f/s, bare %.1f/s, ratio %.2f%n",
            round, chunks.size(), pipeline, bare, pipeline / bare);
      }
      new Figure("embed_per_second", median(rates), "1/s").print();
      new Figure("embed_ratio", median(ratios), "1").print();
      return 0;
    }
  }

  private List<String> texts(int round) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      texts.add(Prose.document(round * 10_000L + i));
    }
    return texts;
  }

  private static List<String> chunks(Chunker chunker, List<String> texts)
      throws InterruptedException {
    Parsers parsers = Parsers.standard();
    List<String> chunks = new ArrayList<>();
    for (String text : texts) {
      byte[] content = text.getBytes(StandardCharsets.UTF_8);
      chunker.chunk(parsers.parse(content, "text/markdown", "a")).stream()
          .map(EmbedBenchmark::embedded)
          .forEach(chunks::add);
    }
    return chunks;
  }

  /** What the worker embeds: the headings above a chunk, and the chunk. */
  private static String embedded(Chunk chunk) {
    return String.join(" > ", chunk.headingPath()) + "\n\n" + chunk.content();
  }

  /** Seconds that the model takes, with as many texts at once as the worker gives it. */
  private static double bare(EmbeddingModel model, List<String> chunks) {
    long start = System.nanoTime();
    for (int from = 0; from < chunks.size(); from += BATCH) {
      model.embed(chunks.subList(from, Math.min(chunks.size(), from + BATCH)));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Seconds until all documents are found by searches. */
  private double post(BenchPipeline bench, List<String> texts, int round)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    List<Future<Integer>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(CONCURRENT_POSTS)) {
      for (int i = 0; i < texts.size(); i++) {
        String uri = "bench://%d/%d".formatted(round, i);
        String text = texts.get(i);
        running.add(threads.submit(() -> post(bench, uri, text)));
      }
    }
    for (Future<Integer> each : running) {
      if (each.get() != 200) {
        throw new IllegalStateException("expected 200 for every document, found " + each.get());
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private int post(BenchPipeline bench, String uri, String text)
      throws IOException, InterruptedException {
    String body = json.createObjectNode().put("uri", uri).put("content", text).toString();
    URI target = bench.pipeline().gateway().resolve("/api/knowledge/documents");
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("X-API-Key", bench.credential(Credentials.API_KEY))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
