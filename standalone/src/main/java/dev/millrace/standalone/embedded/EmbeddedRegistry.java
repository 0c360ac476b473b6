package dev.millrace.standalone.embedded;

import dev.millrace.runtime.failure.FileFailures;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The real Apicurio Registry as a child process on loopback. Schemas are in the embedded
 * PostgreSQL, so they survive restarts. Confluent's API is at {@code /apis/ccompat/v7}, where a
 * schema's id is the content's; every new version has to be fully compatible with all before it.
 *
 * <p>{@link #stop} and {@link #start} may be repeated. Not safe for use by several threads at once.
 */
public final class EmbeddedRegistry {
  private static final int PROGRESS_SECONDS = 3;
  private static final String COMPATIBILITY = "{\"compatibility\": \"FULL_TRANSITIVE\"}";
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  /** Writing the ahead-of-time cache happens while the process ends. */
  private static final Duration RECORDING_STOP_LIMIT = Duration.ofMinutes(2);

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

  private final DataDirectory data;
  private final Distribution distribution;
  private final EmbeddedPostgres postgres;
  private final int port;
  private final boolean recordsCache;
  private final SupervisedProcess server;

  /** Prepares, without starting, the registry of a data directory. */
  public EmbeddedRegistry(
      DataDirectory data, Distribution distribution, EmbeddedPostgres postgres, int port) {
    this(data, distribution, postgres, port, false);
  }

  /**
   * As the other constructor.
   *
   * @param recordsCache whether this run is there to record the ahead-of-time cache
   */
  EmbeddedRegistry(
      DataDirectory data,
      Distribution distribution,
      EmbeddedPostgres postgres,
      int port,
      boolean recordsCache) {
    this.data = data;
    this.distribution = distribution;
    this.postgres = postgres;
    this.port = port;
    this.recordsCache = recordsCache;
    this.server =
        new SupervisedProcess(
            "the schema registry",
            () -> launch(elapsed -> {}),
            recordsCache ? RECORDING_STOP_LIMIT : STOP_LIMIT);
  }

  /**
   * Starts the registry and returns when it answers. One that ends by itself is started again.
   *
   * @param progress told every few seconds how long the start has taken
   * @throws StackException when the port is taken, or the registry ends or is not ready in time
   */
  public void start(Consumer<Duration> progress) {
    server.keep(launch(progress));
  }

  private GuardedProcess launch(Consumer<Duration> progress) {
    Ports.requireFree(port, "the schema registry");
    GuardedProcess launched = null;
    try (var client = HttpClient.newHttpClient()) {
      launched = GuardedProcess.start(launch());
      awaitReady(client, launched, progress);
      requireCompatibility(client);
      return launched;
    } catch (IOException e) {
      abandon(launched);
      throw new StackException(
          "the schema registry cannot be started: " + FileFailures.reason(e), e);
    } catch (StackException e) {
      abandon(launched);
      throw e;
    }
  }

  private static void abandon(@Nullable GuardedProcess launched) {
    if (launched != null) {
      launched.stop(STOP_LIMIT);
    }
  }

  /** Stops the process; does nothing when it is not running. */
  public void stop() {
    server.stop();
  }

  /** The registry's address, without a path. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Confluent's API, for {@code schema.registry.url} of any Confluent-compatible client. */
  public URI confluentUrl() {
    return url().resolve("/apis/ccompat/v7");
  }

  Stream<ProcessHandle> processes() {
    return server.handle();
  }

  private GuardedProcess.Launch launch() {
    return new GuardedProcess.Launch(
        command(), SystemUser.self(), environment(), "TERM", data.root(), data.log("registry"));
  }

  private List<String> command() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It answers a few requests per schema and client: small and soon there beats fast.
    command.addAll(
        List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable"));
    command.addAll(cacheOptions());
    command.addAll(
        List.of(
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-cp",
            distribution.registryClassPath().stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)),
            "io.quarkus.runner.GeneratedMain"));
    return command;
  }

  private List<String> cacheOptions() {
    if (recordsCache) {
      return List.of("-XX:AOTCacheOutput=" + distribution.registryCacheFile());
    }
    return distribution.registryCache().map(cache -> "-XX:AOTCache=" + cache).stream().toList();
  }

  private Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("QUARKUS_HTTP_HOST", "127.0.0.1"),
        Map.entry("QUARKUS_HTTP_PORT", Integer.toString(port)),
        // Its management pages would listen on every interface; nothing here uses them.
        Map.entry("QUARKUS_MANAGEMENT_HOST", "127.0.0.1"),
        Map.entry("QUARKUS_MANAGEMENT_PORT", "0"),
        Map.entry("QUARKUS_LOG_CONSOLE_COLOR", "false"),
        // Every app asks every few seconds whether it is there.
        Map.entry("QUARKUS_HTTP_ACCESS_LOG_ENABLED", "false"),
        Map.entry("APICURIO_STORAGE_KIND", "sql"),
        Map.entry("APICURIO_STORAGE_SQL_KIND", "postgresql"),
        Map.entry("APICURIO_DATASOURCE_URL", postgres.jdbcUrl(EmbeddedPostgres.REGISTRY)),
        Map.entry("APICURIO_DATASOURCE_USERNAME", EmbeddedPostgres.REGISTRY),
        Map.entry(
            "APICURIO_DATASOURCE_PASSWORD", data.credentials().get(Credentials.DATABASE_PASSWORD)),
        Map.entry("APICURIO_DATASOURCE_JDBC_INITIAL_SIZE", "2"),
        Map.entry("APICURIO_DATASOURCE_JDBC_MIN_SIZE", "2"),
        Map.entry("APICURIO_DATASOURCE_JDBC_MAX_SIZE", "10"));
  }

  private void awaitReady(HttpClient client, GuardedProcess server, Consumer<Duration> progress)
      throws IOException {
    long start = System.nanoTime();
    long told = 0;
    while (!answers(client)) {
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      if (!server.isAlive()) {
        throw new StackException(
            "the schema registry ended with code %d while starting; its log is %s"
                .formatted(server.exitCode(), data.log("registry")));
      }
      if (elapsed.compareTo(START_LIMIT) > 0) {
        throw new StackException(
            "the schema registry is not ready after %d s; its log is %s"
                .formatted(START_LIMIT.toSeconds(), data.log("registry")));
      }
      if (elapsed.toSeconds() >= told + PROGRESS_SECONDS) {
        told = elapsed.toSeconds();
        progress.accept(elapsed);
      }
      Pause.of(POLL);
    }
  }

  private boolean answers(HttpClient client) {
    try {
      return send(client, request("/subjects").GET().build()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** The same every time, so it does not matter whether it is already so. */
  private void requireCompatibility(HttpClient client) throws IOException {
    HttpResponse<String> response =
        send(
            client,
            request("/config")
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .PUT(BodyPublishers.ofString(COMPATIBILITY))
                .build());
    if (response.statusCode() != 200) {
      throw new IOException(
          "setting the compatibility rule was answered %d: %s"
              .formatted(response.statusCode(), response.body()));
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(confluentUrl() + path)).timeout(REQUEST_LIMIT);
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest request)
      throws IOException {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted while the schema registry was starting", e);
    }
  }
}
