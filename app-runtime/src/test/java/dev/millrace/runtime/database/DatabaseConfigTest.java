package dev.millrace.runtime.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseConfigTest {

  @Test
  void aJdbcAddressIsTakenAsItIs() {
    DatabaseConfig config =
        from(Map.of("DATABASE_URL", "jdbc:postgresql://db:5432/mill?sslmode=require"));

    assertThat(config.url()).isEqualTo("jdbc:postgresql://db:5432/mill?sslmode=require");
    assertThat(config.user()).isEqualTo("millrace");
  }

  @Test
  void anAddressOfPsqlHasTheLoginInIt() {
    DatabaseConfig config =
        from(Map.of("DATABASE_URL", "postgres://mill%40er:fake%2Fpass+word@db:5433/mill?ssl=true"));

    assertThat(config.url()).isEqualTo("jdbc:postgresql://db:5433/mill?ssl=true");
    assertThat(config.user()).isEqualTo("mill@er");
    assertThat(config.password().reveal()).isEqualTo("fake/pass+word");
  }

  @Test
  void theVariablesOfTheLoginCountMoreThanTheAddress() {
    DatabaseConfig config =
        from(
            Map.of(
                "DATABASE_URL", "postgresql://one:fake-one@db/mill",
                "DATABASE_USER", "two",
                "DATABASE_PASSWORD", "fake-two"));

    assertThat(config.url()).isEqualTo("jdbc:postgresql://db/mill");
    assertThat(config.user()).isEqualTo("two");
    assertThat(config.password().reveal()).isEqualTo("fake-two");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:fake-secret@db/mill",
        "postgresql:///mill?password=fake-secret",
        "postgresql://u:fake-secret@db/a b",
        "fake-secret"
      })
  void anyOtherIsRefusedWithoutShowingIt(String url) {
    assertThatThrownBy(() -> from(Map.of("DATABASE_URL", url)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("DATABASE_URL")
        .hasMessageNotContaining("fake-secret")
        .hasNoCause();
  }

  private static DatabaseConfig from(Map<String, String> variables) {
    return DatabaseConfig.from(Environment.of(variables));
  }
}
