package dev.millrace.benchmarks.audit;

import dev.millrace.standalone.embedded.Distribution;
import dev.millrace.standalone.embedded.EmbeddedStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Kafka Connect, standalone, with Debezium's JDBC sink: upserts into one table, by topic, partition
 * and offset. Its jars come from Maven's repository when the benchmark runs.
 *
 * <p>It is run as it comes, and tuned: with larger batches, sent as statements of many rows.
 */
final class ConnectPeer implements AutoCloseable {

  private static final String PLUGIN =
      "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies";

  private static final int FETCH_MINUTES = 10;
  private static final int TUNED_BATCH = 5_000;

  private final BenchProcess process;

  /** How it is set. */
  enum Tuning {
    DEFAULTS,
    TUNED;

    /** Name of the connector, and of the table its rows go to. */
    String table() {
      return "bench_peer_" + name().toLowerCase(Locale.ROOT);
    }
  }

  private ConnectPeer(BenchProcess process) {
    this.process = process;
  }

  /**
   * Fetches its jars, unless they are there.
   *
   * @return the folder they are in
   * @throws IOException if Maven cannot get them; says why
   */
  static Path fetch() throws IOException, InterruptedException {
    Path project =
        Distribution.ofThisJvm().root().resolve("../../..").normalize().resolve("benchmarks");
    Path jars = project.resolve("target/peers/kafka-connect").toAbsolutePath();
    Path complete = jars.resolve("complete");
    if (Files.exists(complete)) {
      return jars;
    }
    Files.createDirectories(jars);
    Path log = jars.resolve("fetch.log");
    Process maven =
        new ProcessBuilder(
                "mvn",
                "-B",
                "-ntp",
                "-f",
                project.resolve("peers/kafka-connect/pom.xml").toString(),
                PLUGIN,
                "-DoutputDirectory=" + jars)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!maven.waitFor(FETCH_MINUTES, TimeUnit.MINUTES)) {
      maven.destroyForcibly();
      throw new IOException("Maven took longer than " + FETCH_MINUTES + " minutes");
    }
    if (maven.exitValue() != 0) {
      String why =
          Files.readAllLines(log).stream()
              .filter(line -> line.startsWith("[ERROR]"))
              .findFirst()
              .orElse("see " + log);
      throw new IOException("Maven cannot get it: " + why);
    }
    Files.createFile(complete);
    return jars;
  }

  /**
   * Starts it.
   *
   * @param jars what {@link #fetch} returned
   * @param folder where its settings and its log are
   */
  static ConnectPeer start(
      Path jars,
      Path folder,
      EmbeddedStack.Addresses stack,
      String password,
      String topic,
      Tuning tuning)
      throws IOException {
    Path worker = write(folder.resolve("worker.properties"), worker(folder, stack, tuning));
    Path connector = write(folder.resolve("sink.properties"), sink(stack, password, topic, tuning));
    return new ConnectPeer(
        BenchProcess.start(
            List.of(
                "-Xmx512m",
                "-cp",
                jars + "/*",
                "org.apache.kafka.connect.cli.ConnectStandalone",
                worker.toString(),
                connector.toString()),
            Map.of(),
            folder.resolve("connect.log")));
  }

  private static Map<String, String> worker(
      Path folder, EmbeddedStack.Addresses stack, Tuning tuning) throws IOException {
    Map<String, String> worker = new TreeMap<>();
    worker.put("bootstrap.servers", stack.bootstrapServers());
    worker.put("listeners", "http://127.0.0.1:" + freePort());
    worker.put("offset.storage.file.filename", folder.resolve("connect.offsets").toString());
    worker.put("plugin.discovery", "only_scan");
    worker.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    worker.put("value.converter", "io.apicurio.registry.utils.converter.AvroConverter");
    worker.put("value.converter.apicurio.registry.url", stack.registry() + "/apis/registry/v2");
    worker.put("value.converter.apicurio.registry.as-confluent", "true");
    worker.put("value.converter.apicurio.registry.use-id", "contentId");
    worker.put("consumer.isolation.level", "read_committed");
    if (tuning == Tuning.TUNED) {
      worker.put("consumer.max.poll.records", Integer.toString(TUNED_BATCH));
    }
    return worker;
  }

  private static Map<String, String> sink(
      EmbeddedStack.Addresses stack, String password, String topic, Tuning tuning) {
    boolean tuned = tuning == Tuning.TUNED;
    Map<String, String> sink = new TreeMap<>();
    sink.put("name", tuning.table());
    sink.put("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");
    sink.put("tasks.max", "1");
    sink.put("topics", topic);
    sink.put("connection.url", stack.jdbcUrl() + (tuned ? "?reWriteBatchedInserts=true" : ""));
    sink.put("connection.username", "millrace");
    sink.put("connection.password", password);
    sink.put("insert.mode", "upsert");
    sink.put("primary.key.mode", "kafka");
    sink.put("schema.evolution", "basic");
    sink.put("collection.name.format", tuning.table());
    if (tuned) {
      sink.put("batch.size", Integer.toString(TUNED_BATCH));
    }
    return sink;
  }

  private static Path write(Path file, Map<String, String> settings) throws IOException {
    return Files.writeString(
        file,
        settings.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
            .collect(Collectors.joining()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The first errors of its log, when it failed. */
  static List<String> lastErrors(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve("connect.log")).stream()
        .filter(line -> line.contains("ERROR") || line.startsWith("Caused by"))
        .limit(5)
        .toList();
  }

  @Override
  public void close() {
    process.close();
  }
}
