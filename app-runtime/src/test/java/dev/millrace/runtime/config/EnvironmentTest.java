package dev.millrace.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

  @Test
  void whatIsEmptyOrBlankCountsAsAbsent() {
    Environment environment = Environment.of(Map.of("A", "", "B", "  "));

    assertThat(environment.optional("A")).isEmpty();
    assertThat(environment.string("B", "default")).isEqualTo("default");
    assertThatThrownBy(() -> environment.required("A"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("A: is required and not set");
  }

  @Test
  void overridesWin() {
    Environment environment = Environment.of(Map.of("A", "1", "B", "2")).with(Map.of("B", "3"));

    assertThat(environment.string("A", "")).isEqualTo("1");
    assertThat(environment.string("B", "")).isEqualTo("3");
  }

  @Property
  void aNumberInItsRangeIsTakenAndEveryOtherNamesTheVariable(
      @ForAll int number,
      @ForAll @IntRange(min = -100, max = 0) int min,
      @ForAll @IntRange int max) {
    Environment environment = Environment.of(Map.of("PORT", " " + number + " "));

    if (number >= min && number <= max) {
      assertThat(environment.integer("PORT", 0, min, max)).isEqualTo(number);
    } else {
      assertThatThrownBy(() -> environment.integer("PORT", 0, min, max))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "PORT: expected a whole number from %d to %d, found '%d'"
                  .formatted(min, max, number));
    }
  }

  /** Whatever stands in a variable, a getter returns or says which variable is wrong. */
  @Property
  void noTextMakesAGetterFailInAnotherWay(@ForAll String text) {
    Environment environment = Environment.of(Map.of("X", text));
    List<Function<Environment, Object>> getters =
        List.of(
            e -> e.bool("X", true),
            e -> e.integer("X", 1, 0, 10),
            e -> e.decimal("X", 1, 0, 10),
            e -> e.duration("X", Duration.ZERO),
            e -> e.bytes("X", 1),
            e -> e.uri("X"),
            e -> e.list("X", List.of()),
            e -> e.pairs("X", Map.of()));

    for (Function<Environment, Object> getter : getters) {
      try {
        assertThat(getter.apply(environment)).isNotNull();
      } catch (ConfigurationException e) {
        assertThat(e).hasMessageStartingWith("X: ");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"250ms,250", "10s,10000", "5m,300000", "2 h,7200000", "7d,604800000", "0s,0"})
  void aDurationHasAUnit(String value, long millis) {
    assertThat(Environment.of(Map.of("T", value)).duration("T", Duration.ZERO))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "s", "-5s", "1.5s", "10 weeks", "99999999999999999999d", "PT5S"})
  void aDurationWithoutAUnitIsRefused(String value) {
    assertThatThrownBy(() -> Environment.of(Map.of("T", value)).duration("T", Duration.ZERO))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("T: expected a duration such as 250ms, 10s, 5m, 2h or 7d");
  }

  @ParameterizedTest
  @CsvSource({"512B,512", "64KB,65536", "25 MB,26214400", "1GB,1073741824"})
  void aSizeHasAUnit(String value, long bytes) {
    assertThat(Environment.of(Map.of("S", value)).bytes("S", 0)).isEqualTo(bytes);
  }

  @Test
  void anAddressHasASchemeAndAHost() {
    assertThat(Environment.of(Map.of("U", "http://registry:8081")).uri("U"))
        .contains(URI.create("http://registry:8081"));
    for (String value : List.of("localhost:8081", "registry", "http:/x", "http://a b")) {
      assertThatThrownBy(() -> Environment.of(Map.of("U", value)).uri("U"))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage(
              "U: expected an address such as http://localhost:8081, found '" + value + "'");
    }
  }

  @Test
  void pairsKeepTheirOrderAndAreUnique() {
    assertThat(Environment.of(Map.of("P", "b=1, a=x=y ,")).pairs("P", Map.of()))
        .containsExactly(Map.entry("b", "1"), Map.entry("a", "x=y"));
    assertThatThrownBy(() -> Environment.of(Map.of("P", "a=1,a=2")).pairs("P", Map.of()))
        .hasMessage("P: names 'a' twice");
    assertThatThrownBy(() -> Environment.of(Map.of("P", "=1")).pairs("P", Map.of()))
        .hasMessageStartingWith("P: expected key=value,key=value");
  }

  @Test
  void variablesWithAPrefixAreSettingsOfAClient() {
    assertThat(
            Environment.of(
                    Map.of(
                        "KAFKA_CLIENT_SECURITY_PROTOCOL", "SSL",
                        "KAFKA_CLIENT_", "none",
                        "KAFKA_CLIENT_EMPTY", "",
                        "KAFKA_OTHER", "x"))
                .settings("KAFKA_CLIENT_"))
        .containsExactly(Map.entry("security.protocol", "SSL"));
  }
}
