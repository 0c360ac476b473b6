package dev.millrace.benchmarks;

import dev.millrace.knowledge.vector.VectorIndex;
import dev.millrace.knowledge.vector.VectorSpace;
import dev.millrace.runtime.database.Database;
import dev.millrace.runtime.database.DatabaseConfig;
import dev.millrace.runtime.redaction.Secret;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.EmbeddedPostgres;
import dev.millrace.standalone.logs.Logs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jdbi.v3.core.Jdbi;

/** An empty knowledge base in a Postgres of its own, for one benchmark; erased afterwards. */
public final class BenchKnowledge implements AutoCloseable {

  private final Path folder;
  private final DataDirectory data;
  private final EmbeddedPostgres postgres;
  private final Database database;

  private BenchKnowledge(
      Path folder, DataDirectory data, EmbeddedPostgres postgres, Database database) {
    this.folder = folder;
    this.data = data;
    this.postgres = postgres;
    this.database = database;
  }

  /** Starts Postgres and makes the tables. */
  public static BenchKnowledge start() throws InterruptedException {
    try {
      Path folder = Files.createTempDirectory("millrace-bench-");
      Logs.writeTo(folder);
      DataDirectory data = DataDirectory.open(folder);
      EmbeddedPostgres postgres = new EmbeddedPostgres(data, freePort());
      System.err.println("bench: starting PostgreSQL");
      postgres.start();
      Database database =
          new Database(
              "bench",
              new DatabaseConfig(
                  postgres.jdbcUrl(),
                  "millrace",
                  new Secret(data.credentials().get(Credentials.DATABASE_PASSWORD)),
                  DatabaseConfig.DEFAULT_POOL_SIZE),
              new SimpleMeterRegistry());
      database.migrate("knowledge", "dev/millrace/embedding/migrations");
      return new BenchKnowledge(folder, data, postgres, database);
    } catch (IOException e) {
      throw new IllegalStateException("no temporary folder can be made: " + e, e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Makes the index over the vectors of a model. */
  public void index(VectorSpace space) {
    VectorIndex.ensure(database.jdbi(), space);
  }

  public Database database() {
    return database;
  }

  public Jdbi jdbi() {
    return database.jdbi();
  }

  @Override
  public void close() {
    database.close();
    postgres.stop();
    data.close();
    DataDirectory.delete(folder);
  }
}
