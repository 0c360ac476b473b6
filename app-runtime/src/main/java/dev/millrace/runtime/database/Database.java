package dev.millrace.runtime.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import dev.millrace.runtime.health.HealthCheck.Health;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Postgres pool of one app. It may be made while Postgres is away. */
public final class Database implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Database.class);

  /** How long a caller waits for a connection. */
  public static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
  private static final int CHECK_TIMEOUT_SECONDS = 2;

  private final String app;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  public Database(String app, DatabaseConfig config, MeterRegistry meters) {
    this.app = app;
    HikariConfig hikari = new HikariConfig();
    hikari.setPoolName(app);
    hikari.setJdbcUrl(config.url());
    hikari.setUsername(config.user());
    hikari.setPassword(config.password().reveal());
    hikari.setMaximumPoolSize(config.poolSize());
    hikari.setMinimumIdle(1);
    hikari.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
    hikari.setInitializationFailTimeout(-1);
    hikari.addDataSourceProperty("ApplicationName", "millrace-" + app);
    hikari.addDataSourceProperty("tcpKeepAlive", "true");
    hikari.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
    this.pool = new HikariDataSource(hikari);
    this.jdbi = Jdbi.create(pool).installPlugin(new PostgresPlugin());
  }

  /** Connections at most. */
  public int poolSize() {
    return pool.getMaximumPoolSize();
  }

  public Jdbi jdbi() {
    return jdbi;
  }

  public DataSource dataSource() {
    return pool;
  }

  /** Whether Postgres answers. */
  public Health check() {
    try (Connection connection = pool.getConnection()) {
      return connection.isValid(CHECK_TIMEOUT_SECONDS)
          ? Health.UP
          : Health.down("Postgres does not answer within " + CHECK_TIMEOUT_SECONDS + " s");
    } catch (SQLException e) {
      return Health.down("Postgres: " + e.getMessage());
    }
  }

  /**
   * Brings a schema up to date; waits for a Postgres that is away.
   *
   * @param schema schema the migrations are for; it is created when missing and remembers which of
   *     them it has
   * @param location folder of the migrations on the class path, for example {@code
   *     dev/millrace/audit/migrations}
   */
  public void migrate(String schema, String location) throws InterruptedException {
    awaitConnection();
    Flyway.configure()
        .dataSource(pool)
        .schemas(schema)
        .locations("classpath:" + location)
        .table("schema_history")
        .load()
        .migrate();
  }

  private void awaitConnection() throws InterruptedException {
    while (check() instanceof Health.Down(String reason)) {
      log.atInfo()
          .addKeyValue("app", app)
          .addKeyValue("reason", reason)
          .log("waiting for Postgres");
      Thread.sleep(RETRY_INTERVAL);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
