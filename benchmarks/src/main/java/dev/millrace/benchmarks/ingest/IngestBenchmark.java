package dev.millrace.benchmarks.ingest;

import dev.millrace.benchmarks.BenchPipeline;
import dev.millrace.benchmarks.Figure;
import dev.millrace.benchmarks.load.HttpLoad;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.schemas.serde.EventSerdes;
import dev.millrace.standalone.embedded.Credentials;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.NewTopic;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench ingest}. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    description = {
      "An 8 KB signed webhook over 64 connections: the gateway with its full path, and a bare",
      "handler on the same server that checks the signature and waits for the same producer, in",
      "turn in one run. Goal: ingest_ratio at least 0.6."
    })
public final class IngestBenchmark implements Callable<Integer> {

  private static final int CONNECTIONS = 64;

  /** The gateway has far more code for the compiler than the bare handler. */
  private static final int WARM_UP_ROUNDS = 8;

  private static final String BARE_TOPIC = "bench.bare";

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds of each, in turn (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "Seconds of a round (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    Map<String, String> environment =
        Map.of("RATE_LIMIT_PER_SECOND", "1000000", "RATE_LIMIT_BURST", "1000000");
    try (BenchPipeline bench = BenchPipeline.start(List.of("ingest-gateway"), environment)) {
      String secret = bench.credential(Credentials.WEBHOOK_SECRET);
      try (BareServer bare = new BareServer(secret, bareTopic(bench), producerSettings(bench))) {
        int gatewayPort = bench.pipeline().gateway().getPort();
        Webhook full = new Webhook("/api/github-webhook", secret);
        Webhook toBare = new Webhook(BareServer.PATH, secret);
        System.err.println("bench: warming up");
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
          run(bare.port(), toBare);
          run(gatewayPort, full);
        }
        measure(gatewayPort, full, bare.port(), toBare);
      }
    }
    return 0;
  }

  private void measure(int gatewayPort, Webhook full, int barePort, Webhook toBare)
      throws InterruptedException {
    List<Double> ratios = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    Histogram latencies = null;
    for (int round = 1; round <= rounds; round++) {
      HttpLoad.Result bare = run(barePort, toBare);
      HttpLoad.Result gateway = run(gatewayPort, full);
      ratios.add(gateway.perSecond() / bare.perSecond());
      rates.add(gateway.perSecond());
      if (latencies == null) {
        latencies = gateway.latencies().copy();
      } else {
        latencies.add(gateway.latencies());
      }
      System.err.printf(
          "bench: round %d: gateway %.0f/s (%d refused), bare %.0f/s, ratio %.2f%n",
          round,
          gateway.perSecond(),
          gateway.refused(),
          bare.perSecond(),
          gateway.perSecond() / bare.perSecond());
    }
    if (latencies == null) {
      throw new IllegalArgumentException("--rounds: expected 1 or more");
    }
    new Figure("ingest_per_second", median(rates), "1/s").print();
    new Figure("ingest_p99_ms", latencies.getValueAtPercentile(99) / 1_000.0, "ms").print();
    new Figure("ingest_ratio", median(ratios), "1").print();
  }

  private HttpLoad.Result run(int port, Webhook webhook) throws InterruptedException {
    return HttpLoad.run(port, CONNECTIONS, Duration.ofSeconds(seconds), webhook);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static String bareTopic(BenchPipeline bench)
      throws InterruptedException, ExecutionException {
    try (KafkaClients kafka = clients(bench)) {
      kafka
          .admin()
          .createTopics(List.of(new NewTopic(BARE_TOPIC, Optional.of(4), Optional.of((short) 1))))
          .all()
          .get();
    }
    return BARE_TOPIC;
  }

  /** The settings of the gateway's own producer. */
  private static Map<String, Object> producerSettings(BenchPipeline bench) {
    try (KafkaClients kafka = clients(bench)) {
      return new HashMap<>(kafka.producerSettings("bare", Duration.ofSeconds(10)));
    }
  }

  private static KafkaClients clients(BenchPipeline bench) {
    KafkaConfig config = KafkaConfig.from(bench.pipeline().environment());
    return new KafkaClients(
        "bench", config, EventSerdes.of(config.registry()), new SimpleMeterRegistry());
  }
}
