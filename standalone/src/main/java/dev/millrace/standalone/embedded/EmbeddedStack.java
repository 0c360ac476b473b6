package dev.millrace.standalone.embedded;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Broker, database and schema registry together. The broker starts beside the other two; the
 * registry waits for the database, where its schemas are. They stop in the reverse order.
 *
 * <p>The three are reachable one by one, so that a test can stop one and start it again.
 */
public final class EmbeddedStack implements AutoCloseable {
  private final EmbeddedKafka kafka;
  private final EmbeddedPostgres postgres;
  private final EmbeddedRegistry registry;

  private EmbeddedStack(EmbeddedKafka kafka, EmbeddedPostgres postgres, EmbeddedRegistry registry) {
    this.kafka = kafka;
    this.postgres = postgres;
    this.registry = registry;
  }

  /**
   * Where everything is.
   *
   * @param bootstrapServers for Kafka clients
   * @param registry the schema registry, without a path
   * @param confluentRegistry its Confluent-compatible API
   * @param jdbcUrl the apps' database
   */
  public record Addresses(
      String bootstrapServers, URI registry, URI confluentRegistry, String jdbcUrl) {}

  /**
   * Starts all three and returns when all are ready. When one fails, the others are stopped again.
   *
   * @param asked the ports to use; {@link Ports#ANY} for those that the stack may choose
   * @param progress told in a sentence what takes longer than expected
   * @throws StackException with the first failure
   */
  public static EmbeddedStack start(
      DataDirectory data, Distribution distribution, Ports asked, Consumer<String> progress) {
    return start(data, distribution, asked, progress, false);
  }

  /**
   * Starts all three to record the ahead-of-time caches that later starts use. Stopping writes the
   * registry's, which takes some seconds.
   */
  public static EmbeddedStack startRecording(DataDirectory data, Distribution distribution) {
    return start(data, distribution, Ports.ALL_CHOSEN, sentence -> {}, true);
  }

  private static EmbeddedStack start(
      DataDirectory data,
      Distribution distribution,
      Ports asked,
      Consumer<String> progress,
      boolean recordsCache) {
    Ports ports = data.ports(asked);
    ports.requireFree();
    var kafka = new EmbeddedKafka(data, ports.kafka(), ports.kafkaController());
    var postgres = new EmbeddedPostgres(data, ports.postgres());
    var registry =
        new EmbeddedRegistry(data, distribution, postgres, ports.registry(), recordsCache);
    var stack = new EmbeddedStack(kafka, postgres, registry);
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new)) {
      var broker = CompletableFuture.runAsync(kafka::start, threads);
      var database = CompletableFuture.runAsync(postgres::start, threads);
      var schemas = database.thenRunAsync(() -> registry.start(stillStarting(progress)), threads);
      CompletableFuture.allOf(broker, schemas).join();
    } catch (CompletionException e) {
      stack.close();
      throw e.getCause() instanceof StackException cause
          ? cause
          : new StackException("the embedded stack cannot be started: " + e.getCause(), e);
    }
    return stack;
  }

  private static Consumer<Duration> stillStarting(Consumer<String> progress) {
    return elapsed ->
        progress.accept("the schema registry is starting (%d s)".formatted(elapsed.toSeconds()));
  }

  public EmbeddedKafka kafka() {
    return kafka;
  }

  public EmbeddedPostgres postgres() {
    return postgres;
  }

  public EmbeddedRegistry registry() {
    return registry;
  }

  public Addresses addresses() {
    return new Addresses(
        kafka.bootstrapServers(), registry.url(), registry.confluentUrl(), postgres.jdbcUrl());
  }

  /** Resident mebibytes of this JVM (which has the broker and all apps), and of each child. */
  public Map<String, Long> residentMebibytes() {
    var resident = new LinkedHashMap<String, Long>();
    resident.put("jvm", ResidentMemory.mebibytes(Stream.of(ProcessHandle.current())));
    resident.put("registry", ResidentMemory.mebibytes(registry.processes()));
    resident.put("postgres", ResidentMemory.mebibytes(postgres.processes()));
    return resident;
  }

  /** Stops the registry, the broker and the database, in this order. */
  @Override
  public void close() {
    registry.stop();
    kafka.stop();
    postgres.stop();
  }
}
