package dev.millrace.benchmarks.audit;

import dev.millrace.audit.chain.ChainVerifier;
import dev.millrace.audit.chain.CheckpointChain;
import dev.millrace.audit.chain.CheckpointKeeper;
import dev.millrace.audit.chain.SigningKey;
import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.benchmarks.BenchPipeline;
import dev.millrace.benchmarks.Figure;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.schemas.serde.EventSerdes;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.EmbeddedStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench audit}. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Records of 1 KB Avro, in one run: (a) bare binary COPY of the same rows, (b) the sink from",
      "Kafka end to end, in a process of its own, (c) Kafka Connect with Debezium's JDBC sink,",
      "fetched through Maven; then how soon rows are visible at a steady rate, and a day of events:",
      "its verification and the twenty questions. Goals: audit_copy_ratio 0.5, audit_peer_ratio 8,",
      "audit_visible_p99_ms under 250, audit_sink_mb under 512."
    })
public final class AuditBenchmark implements Callable<Integer> {

  /** The apps whose tables are asked. */
  private static final List<String> OWNERS = List.of("embedding-worker", "audit-sink");

  private static final String BACKLOG = "bench.backlog";
  private static final int PARTITIONS = 4;
  private static final String STEADY = "bench.steady";
  private static final int RATE = 1_000;
  private static final int WARM_UP_SECONDS = 10;
  private static final Duration STARTS = Duration.ofSeconds(60);
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final Duration PEER_LIMIT = Duration.ofSeconds(60);

  @Option(
      names = "--records",
      defaultValue = "300000",
      description = "Records of the backlog (default: ${DEFAULT-VALUE}).")
  private int records;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      description = "How long records come steadily (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--day-rows",
      defaultValue = "200000",
      description = "Rows of the day; 10000000 for a large one (default: ${DEFAULT-VALUE}).")
  private int dayRows;

  @Option(names = "--without-peer", description = "Leave Kafka Connect out.")
  private boolean withoutPeer;

  @Option(
      names = "--sink-option",
      paramLabel = "OPTION",
      description = "Option for the JVM of the sink, as for a profile; may be given again.")
  private List<String> sinkOptions = new ArrayList<>();

  private final List<Figure> figures = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException, ExecutionException {
    try (BenchPipeline bench = BenchPipeline.start(OWNERS, Map.of());
        KafkaClients kafka = clients(bench);
        Connection owner = connect(bench, "millrace", Credentials.DATABASE_PASSWORD);
        Connection analyst = connect(bench, "millrace_analyst", Credentials.ANALYST_PASSWORD)) {
      // The tables are there; from here on the sink is a process of its own.
      OWNERS.forEach(bench.pipeline()::stopApp);
      EmbeddedStack.Addresses stack = bench.pipeline().stack().addresses();
      Orders backlog = new Orders(kafka, stack.confluentRegistry(), BACKLOG, PARTITIONS);
      Orders steady = new Orders(kafka, stack.confluentRegistry(), STEADY, 1);
      System.err.printf("bench: producing %d records%n", records);
      backlog.produce(records);
      double copy = new BareCopy(kafka, owner).rate(BACKLOG, records);
      System.err.printf("bench: bare COPY: %.0f rows/s%n", copy);
      double rows;
      try (BenchSink sink =
          BenchSink.start(bench.pipeline().environment(), bench.folder(), sinkOptions)) {
        double rate = Arrival.rate(() -> mirrored(owner, List.of(BACKLOG)), records, STARTS, LIMIT);
        System.err.printf("bench: the sink: %.0f rows/s%n", rate);
        figures.add(new Figure("audit_rows_per_second", rate, "1/s"));
        figures.add(new Figure("audit_copy_ratio", rate / copy, "1"));
        visibility(analyst, steady);
        day(bench, kafka, owner, analyst);
        figures.add(new Figure("audit_sink_mb", sink.mostMegabytes(), "MB"));
        rows = rate;
      }
      if (!withoutPeer) {
        peer(bench, owner, rows);
      }
      figures.forEach(Figure::print);
      return 0;
    }
  }

  private void visibility(Connection analyst, Orders steady)
      throws InterruptedException, ExecutionException {
    int warmUp = RATE * WARM_UP_SECONDS;
    int count = warmUp + RATE * seconds;
    System.err.printf("bench: %d records/s for %d s%n", RATE, WARM_UP_SECONDS + seconds);
    long[] sentNanos = new long[count];
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Histogram> seen = thread.submit(new Visibility(analyst, STEADY, sentNanos, warmUp));
      steady.produce(count, RATE, sentNanos);
      Histogram micros = seen.get();
      figures.add(
          new Figure("audit_visible_p50_ms", micros.getValueAtPercentile(50) / 1_000.0, "ms"));
      figures.add(
          new Figure("audit_visible_p99_ms", micros.getValueAtPercentile(99) / 1_000.0, "ms"));
    }
  }

  private void day(BenchPipeline bench, KafkaClients kafka, Connection owner, Connection analyst)
      throws InterruptedException, SQLException, IOException {
    System.err.printf("bench: a day of %d rows%n", dayRows);
    int tasks = dayRows / SyntheticDay.EVENTS_A_TASK;
    long start = System.nanoTime();
    EventPublisher publisher = new EventPublisher(kafka, Duration.ofMinutes(2));
    publisher.start();
    new SyntheticDay(publisher).publish(tasks);
    publisher.stop();
    Arrival.awaitAll(
        () -> mirrored(owner, SyntheticDay.TOPICS),
        (long) tasks * SyntheticDay.EVENTS_A_TASK,
        LIMIT);
    System.err.printf(
        "bench: mirrored with its read models within %.1f s%n", (System.nanoTime() - start) / 1e9);
    try (Statement statement = owner.createStatement()) {
      statement.execute("ANALYZE");
    }
    long verifyStart = System.nanoTime();
    ChainVerifier.Report report = verify(bench, kafka, owner);
    double verifySeconds = (System.nanoTime() - verifyStart) / 1e9;
    System.err.printf(
        "bench: verified %d rows in %.1f s, %d findings%n",
        report.rows(), verifySeconds, report.findings().size());
    if (!report.findings().isEmpty()) {
      throw new IllegalStateException("the record does not hold: " + report.findings());
    }
    figures.add(new Figure("audit_verify_rows_per_second", report.rows() / verifySeconds, "1/s"));
    figures.add(new Figure("audit_slowest_query_ms", DayQueries.slowestMs(analyst), "ms"));
  }

  private static ChainVerifier.Report verify(
      BenchPipeline bench, KafkaClients kafka, Connection owner) throws SQLException, IOException {
    Path key = bench.folder().resolve("sink").resolve(CheckpointKeeper.KEY_FILE);
    SigningKey.loadOrCreate(key);
    CheckpointChain none =
        new CheckpointChain(List.of(), SigningKey.publicKey(SigningKey.publicFile(key)));
    ValueDecoder decoder = new ValueDecoder(kafka.serdes().registry()::schema, topic -> false);
    return new ChainVerifier(owner, decoder, none, List.of())
        .verify(new ChainVerifier.Range(topic -> true, null, 0, Long.MAX_VALUE));
  }

  /** Without the peer the other figures stand for themselves, and it says what is missing. */
  private void peer(BenchPipeline bench, Connection owner, double rate)
      throws IOException, InterruptedException {
    Path jars;
    try {
      jars = ConnectPeer.fetch();
    } catch (IOException e) {
      System.err.println("bench: no audit_peer_ratio: " + e.getMessage());
      return;
    }
    peer(bench, owner, jars, ConnectPeer.Tuning.DEFAULTS)
        .ifPresent(peer -> figures.add(new Figure("audit_peer_ratio", rate / peer, "1")));
    peer(bench, owner, jars, ConnectPeer.Tuning.TUNED)
        .ifPresent(peer -> figures.add(new Figure("audit_tuned_peer_ratio", rate / peer, "1")));
  }

  /** Rows a second of the peer. */
  private OptionalDouble peer(
      BenchPipeline bench, Connection owner, Path jars, ConnectPeer.Tuning tuning)
      throws IOException, InterruptedException {
    try (ConnectPeer _ =
        ConnectPeer.start(
            jars,
            bench.folder(),
            bench.pipeline().stack().addresses(),
            bench.credential(Credentials.DATABASE_PASSWORD),
            BACKLOG,
            tuning)) {
      double peer =
          Arrival.rate(() -> peerRows(owner, tuning.table()), records, STARTS, PEER_LIMIT);
      System.err.printf("bench: Kafka Connect, %s: %.0f rows/s%n", tuning, peer);
      return OptionalDouble.of(peer);
    } catch (IllegalStateException e) {
      System.err.printf("bench: no figure of Kafka Connect, %s: %s%n", tuning, e.getMessage());
      ConnectPeer.lastErrors(bench.folder()).forEach(System.err::println);
      return OptionalDouble.empty();
    }
  }

  private static KafkaClients clients(BenchPipeline bench) {
    KafkaConfig config = KafkaConfig.from(bench.pipeline().environment());
    return new KafkaClients(
        "bench", config, EventSerdes.of(config.registry()), new SimpleMeterRegistry());
  }

  private static Connection connect(BenchPipeline bench, String user, String password)
      throws SQLException {
    return DriverManager.getConnection(
        bench.pipeline().stack().addresses().jdbcUrl(), user, bench.credential(password));
  }

  /**
   * These topics have no gaps, so the sum of the offsets is the number of rows; to count a large
   * table would keep Postgres from taking more.
   */
  private static long mirrored(Connection owner, List<String> topics) {
    return number(
        owner,
        "SELECT coalesce(sum(next_offset), 0) FROM audit.offsets WHERE topic IN ('%s')"
            .formatted(String.join("','", topics)));
  }

  /** Its partitions have no gaps either. */
  private static long peerRows(Connection owner, String table) {
    String exists = "SELECT count(*) FROM pg_tables WHERE tablename = '" + table + "'";
    return number(owner, exists) == 0
        ? 0
        : number(
            owner,
            """
            SELECT sum((SELECT coalesce(max(__connect_offset) + 1, 0) FROM %s
                         WHERE __connect_topic = '%s' AND __connect_partition = place))
              FROM generate_series(0, %d) AS place
            """
                .formatted(table, BACKLOG, PARTITIONS - 1));
  }

  private static long number(Connection connection, String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not answer: " + e.getMessage(), e);
    }
  }
}
