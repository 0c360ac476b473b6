package dev.millrace.runtime.database;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;

/**
 * Where Postgres is.
 *
 * @param url JDBC address, {@code jdbc:postgresql://host:port/database}
 * @param user role the app logs in as
 * @param password its password
 * @param poolSize connections at most
 */
public record DatabaseConfig(String url, String user, Secret password, int poolSize) {

  /** Connections of an app that is not told how many to use. */
  public static final int DEFAULT_POOL_SIZE = 8;

  public static DatabaseConfig from(Environment environment) {
    String url = environment.string("DATABASE_URL", "jdbc:postgresql://localhost:5432/millrace");
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new ConfigurationException(
          "DATABASE_URL",
          "expected jdbc:postgresql://host:port/database, with user and password in DATABASE_USER"
              + " and DATABASE_PASSWORD");
    }
    return new DatabaseConfig(
        url,
        environment.string("DATABASE_USER", "millrace"),
        new Secret(environment.string("DATABASE_PASSWORD", "")),
        environment.integer("DATABASE_POOL_SIZE", DEFAULT_POOL_SIZE, 1, 200));
  }
}
