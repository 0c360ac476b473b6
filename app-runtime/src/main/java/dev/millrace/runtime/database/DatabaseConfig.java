package dev.millrace.runtime.database;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  private static final String VARIABLE = "DATABASE_URL";
  private static final String JDBC = "jdbc:postgresql:";

  /** Schemes of the addresses that {@code psql} and most hosts of databases know. */
  private static final Set<String> SCHEMES = Set.of("postgresql", "postgres");

  /**
   * The database that the environment names: by a JDBC address, or by one as {@code psql} takes it,
   * which may have the role and its password in it.
   *
   * @throws ConfigurationException if it is neither
   */
  public static DatabaseConfig from(Environment environment) {
    Address address =
        Address.of(environment.string(VARIABLE, "jdbc:postgresql://localhost:5432/millrace"));
    return new DatabaseConfig(
        address.jdbc(),
        environment.string("DATABASE_USER", address.user() == null ? "millrace" : address.user()),
        new Secret(
            environment.string(
                "DATABASE_PASSWORD", address.password() == null ? "" : address.password())),
        environment.integer("DATABASE_POOL_SIZE", DEFAULT_POOL_SIZE, 1, 200));
  }

  private record Address(String jdbc, @Nullable String user, @Nullable String password) {

    static Address of(String text) {
      if (text.startsWith(JDBC)) {
        return new Address(text, null, null);
      }
      URI uri;
      try {
        uri = new URI(text);
      } catch (URISyntaxException e) {
        throw unusable(); // without the cause, which shows the password
      }
      if (uri.getHost() == null
          || !SCHEMES.contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))) {
        throw unusable();
      }
      String[] login =
          uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
      return new Address(
          JDBC
              + "//"
              + uri.getHost()
              + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
              + uri.getRawPath()
              + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()),
          login.length > 0 ? decoded(login[0]) : null,
          login.length > 1 ? decoded(login[1]) : null);
    }

    private static String decoded(String text) {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static ConfigurationException unusable() {
      return new ConfigurationException(
          VARIABLE,
          "expected jdbc:postgresql://host:port/database, with user and password in DATABASE_USER"
              + " and DATABASE_PASSWORD, or postgresql://user:password@host:port/database");
    }
  }
}
