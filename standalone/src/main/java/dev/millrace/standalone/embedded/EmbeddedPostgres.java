package dev.millrace.standalone.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.runtime.failure.FileFailures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A private cluster of the machine's own PostgreSQL, with pgvector, on loopback.
 *
 * <p>Databases: {@code millrace} (owned by the role of that name, which the apps use) and {@code
 * registry} (owned by its own role). The role {@code millrace_analyst} may log in to {@code
 * millrace} and only read; what it may read is granted by the migrations. Writes are durable when
 * they are acknowledged ({@code fsync} and {@code synchronous_commit} are on).
 *
 * <p>{@link #stop} and {@link #start} may be repeated; data, port and passwords stay. Not safe for
 * use by several threads at once.
 */
public final class EmbeddedPostgres {
  static final String REGISTRY = "registry";
  private static final String DATABASE = "millrace";
  private static final String ANALYSTS = "analysts.sql";
  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  /** Bytes a socket's path may have on Linux (108), less the final zero. */
  private static final int MAX_SOCKET_PATH = 107;

  private final DataDirectory data;
  private final int port;
  private final SupervisedProcess server =
      new SupervisedProcess("PostgreSQL", this::launch, STOP_LIMIT);

  /** Holds the socket when the cluster's own path is too long for one. */
  private @Nullable Path shorterSocketFolder;

  /** Prepares, without starting, the cluster of a data directory. */
  public EmbeddedPostgres(DataDirectory data, int port) {
    this.data = data;
    this.port = port;
  }

  /**
   * Starts the server and returns when it takes connections; the first start makes the cluster, its
   * roles and databases. A server that ends by itself is started again.
   *
   * @throws StackException when PostgreSQL or pgvector is missing, the port is taken, or the server
   *     ends or is not ready in time
   */
  public void start() {
    server.keep(launch());
  }

  private GuardedProcess launch() {
    GuardedProcess launched = null;
    try {
      PostgresBinaries binaries =
          PostgresBinaries.find(PostgresCluster.majorVersion(data.postgres()));
      SystemUser user = SystemUser.forPostgres();
      PostgresCluster cluster = PostgresCluster.openOrCreate(data.postgres(), binaries, user);
      stopLeftOver(binaries, cluster, user);
      Ports.requireFree(port, "PostgreSQL");
      Path socketFolder = socketFolder(cluster, user);
      launched = GuardedProcess.start(launch(binaries, cluster, user, socketFolder));
      awaitReady(cluster, launched);
      if (!cluster.isComplete()) {
        psql(binaries, cluster, user, socketFolder, rolesAndDatabases());
      }
      // Each time: clusters of earlier versions are to have it too.
      psql(binaries, cluster, user, socketFolder, analysts());
      if (!cluster.isComplete()) {
        cluster.markComplete();
      }
      return launched;
    } catch (IOException e) {
      abandon(launched);
      throw new StackException("PostgreSQL cannot be started: " + FileFailures.reason(e), e);
    } catch (StackException e) {
      abandon(launched);
      throw e;
    }
  }

  private void abandon(@Nullable GuardedProcess launched) {
    if (launched != null) {
      launched.stop(STOP_LIMIT);
    }
    removeShorterSocketFolder();
  }

  /** Ends open sessions and stops the server; does nothing when it is not running. */
  public void stop() {
    server.stop();
    removeShorterSocketFolder();
  }

  private void removeShorterSocketFolder() {
    if (shorterSocketFolder != null) {
      // Empty after an orderly stop; otherwise the system's own cleaning of /tmp takes it.
      var _ = shorterSocketFolder.toFile().delete();
      shorterSocketFolder = null;
    }
  }

  /** The address of the apps' database, for JDBC; role {@code millrace}. */
  public String jdbcUrl() {
    return jdbcUrl(DATABASE);
  }

  /** The server's process, when it runs. Its children are its sessions and background workers. */
  Stream<ProcessHandle> processes() {
    return server
        .handle()
        .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()));
  }

  String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
  }

  /**
   * A server that outlived its parent against all odds is asked to stop before a new one starts.
   */
  private static void stopLeftOver(
      PostgresBinaries binaries, PostgresCluster cluster, SystemUser user) throws IOException {
    if (Files.exists(cluster.folder().resolve("postmaster.pid"))) {
      // Fails when none is running, which is just as well.
      var _ =
          Commands.run(
              user,
              cluster.folder(),
              List.of(
                  binaries.program("pg_ctl"), "stop", "-m", "fast", "-D", "" + cluster.folder()));
    }
  }

  private Path socketFolder(PostgresCluster cluster, SystemUser user) throws IOException {
    Path socket = cluster.folder().resolve(".s.PGSQL." + port);
    if (socket.toString().length() <= MAX_SOCKET_PATH) {
      return cluster.folder();
    }
    Path shorter = Files.createTempDirectory("millrace-");
    user.own(shorter);
    shorterSocketFolder = shorter;
    return shorter;
  }

  private GuardedProcess.Launch launch(
      PostgresBinaries binaries, PostgresCluster cluster, SystemUser user, Path socketFolder) {
    var command =
        new ArrayList<>(List.of(binaries.program("postgres"), "-D", "" + cluster.folder()));
    settings(socketFolder)
        .forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    return new GuardedProcess.Launch(
        command,
        user,
        Map.of("PGDATA", cluster.folder().toString(), "TZ", "UTC"),
        "INT", // "fast": open transactions are rolled back, nobody is waited for
        cluster.folder(),
        data.log("postgres"));
  }

  private Map<String, String> settings(Path socketFolder) {
    PostgresMemory memory = PostgresMemory.ofThisMachine();
    return Map.ofEntries(
        Map.entry("listen_addresses", "127.0.0.1"),
        Map.entry("port", Integer.toString(port)),
        Map.entry("unix_socket_directories", socketFolder.toString()),
        Map.entry("timezone", "UTC"),
        Map.entry("max_connections", "200"),
        Map.entry("shared_buffers", PostgresMemory.megabytes(memory.sharedBuffers())),
        Map.entry("effective_cache_size", PostgresMemory.megabytes(memory.effectiveCache())),
        Map.entry("maintenance_work_mem", "128MB"), // building vector indexes
        Map.entry("huge_pages", "off"),
        Map.entry("jit", "off"), // costs more than it gains on short queries
        // Nothing replicates from here: the least write-ahead log that is still crash-safe.
        Map.entry("wal_level", "minimal"),
        Map.entry("max_wal_senders", "0"),
        Map.entry("wal_compression", "on"),
        Map.entry("max_wal_size", "4GB"), // after each checkpoint whole pages are logged again
        Map.entry("checkpoint_timeout", "15min"),
        Map.entry("logging_collector", "off"),
        Map.entry("log_line_prefix", "%m [%p] %q%u@%d "));
  }

  /**
   * A server that recovers from a crash may take long, and would begin anew if it were stopped: it
   * is waited for as long as it says that it is starting.
   */
  private void awaitReady(PostgresCluster cluster, GuardedProcess server) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    for (String state = ""; !state.equals("ready"); state = state(cluster, server)) {
      if (!server.isAlive()) {
        throw new StackException(
            "PostgreSQL ended with code %d while starting; its log is %s"
                .formatted(server.exitCode(), data.log("postgres")));
      }
      if (System.nanoTime() > deadline && !state.equals("starting")) {
        throw new StackException(
            "PostgreSQL is not ready after %d s; its log is %s"
                .formatted(START_LIMIT.toSeconds(), data.log("postgres")));
      }
      Pause.of(POLL);
    }
  }

  /**
   * What the server says of itself, {@code starting} or {@code ready}; nothing at first. The last
   * line of its own lock file says its state, the first one whose it is.
   */
  private static String state(PostgresCluster cluster, GuardedProcess server) throws IOException {
    Path file = cluster.folder().resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return "";
    }
    List<String> lines = Files.readAllLines(file);
    boolean own =
        lines.size() >= 8 && lines.getFirst().equals(Long.toString(server.handle().pid()));
    return own ? lines.get(7).strip() : "";
  }

  /** Has the superuser run a script. */
  private void psql(
      PostgresBinaries binaries,
      PostgresCluster cluster,
      SystemUser user,
      Path socketFolder,
      String script)
      throws IOException {
    Commands.Result result =
        Commands.run(
            user,
            cluster.folder(),
            List.of(
                binaries.program("psql"),
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--host=" + socketFolder,
                "--port=" + port,
                "--dbname=postgres"),
            script);
    if (!result.ok()) {
      String hint =
          result.output().contains("vector.control")
              ? "pgvector is not installed for PostgreSQL %d; run ./millrace setup"
                  .formatted(binaries.major())
              : "the roles and databases cannot be set up: " + result.output().strip();
      throw new StackException(hint);
    }
  }

  /** What those who only read are not to do; also for a PostgreSQL that is not embedded. */
  private static String analysts() throws IOException {
    try (InputStream script =
        Objects.requireNonNull(
            EmbeddedPostgres.class.getResourceAsStream(ANALYSTS), "analysts.sql is packaged")) {
      return new String(script.readAllBytes(), UTF_8);
    }
  }

  private String rolesAndDatabases() {
    Credentials credentials = data.credentials();
    // Generated passwords hold only letters, digits, '-' and '_': they need no escaping.
    return """
    CREATE ROLE millrace LOGIN CREATEROLE PASSWORD '%1$s';
    CREATE ROLE registry LOGIN PASSWORD '%1$s';
    CREATE ROLE millrace_analyst LOGIN PASSWORD '%2$s';
    ALTER ROLE millrace_analyst SET default_transaction_read_only = on;
    GRANT millrace_analyst TO millrace;
    CREATE DATABASE millrace OWNER millrace;
    CREATE DATABASE registry OWNER registry;
    REVOKE CONNECT ON DATABASE registry, postgres FROM PUBLIC;
    \\connect millrace
    CREATE EXTENSION vector;
    """
        .formatted(
            credentials.get(Credentials.DATABASE_PASSWORD),
            credentials.get(Credentials.ANALYST_PASSWORD));
  }
}
