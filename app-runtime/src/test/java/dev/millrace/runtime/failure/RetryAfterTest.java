package dev.millrace.runtime.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

  private static @Nullable Duration of(Map<String, String> headers) {
    return RetryAfter.of(
        name -> headers.containsKey(name) ? List.of(headers.get(name)) : List.of());
  }

  @ParameterizedTest
  @CsvSource({"0,0", "30,30000", "1.5,1500"})
  void secondsAreRead(String value, long milliseconds) {
    assertThat(of(Map.of("retry-after", value))).isEqualTo(Duration.ofMillis(milliseconds));
  }

  @Test
  void millisecondsCountMore() {
    assertThat(of(Map.of("retry-after", "2", "retry-after-ms", "1250")))
        .isEqualTo(Duration.ofMillis(1_250));
  }

  @Test
  void aDateIsReadAndOneThatIsOverIsNoWait() {
    assertThat(of(Map.of("retry-after", date(Instant.now().plusSeconds(3_600)))))
        .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
    assertThat(of(Map.of("retry-after", date(Instant.EPOCH)))).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Mon, 19 Jan 2026 10:00:30 GMT | 30000",
        "Mon, 19 Jan 2026 09:00:00 GMT | 0",
        "999999999 | 999999999000",
        "0.0001 | 1"
      })
  void theWaitIsFromNowOnAndNeverShorterThanAsked(String value, long milliseconds) {
    assertThat(RetryAfter.parse(value, Instant.parse("2026-01-19T10:00:00Z")))
        .contains(Duration.ofMillis(milliseconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1e9", "999999999999"})
  void whatIsNeitherSaysNothing(String value) {
    assertThat(of(Map.of("retry-after", value))).isNull();
  }

  private static String date(Instant instant) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atZone(ZoneOffset.UTC));
  }
}
