package dev.millrace.worker.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApiFailuresTest {

  @Test
  void aWaitIsReadInSecondsOrInMilliseconds() {
    assertThat(wait(Map.of("retry-after", "30"))).isEqualTo(Duration.ofSeconds(30));
    assertThat(wait(Map.of("retry-after", "30", "retry-after-ms", "1500")))
        .isEqualTo(Duration.ofMillis(1_500));
  }

  @Test
  void aWaitThatMakesNoSenseIsLeftAsideAndNoneIsLongerThanADay() {
    assertThat(wait(Map.of())).isNull();
    assertThat(wait(Map.of("retry-after", "soon"))).isNull();
    assertThat(wait(Map.of("retry-after", "999999999"))).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void aVariableToCheckIsNamedOnce() {
    ApiFailures api = new ApiFailures("agent", "KEY", "URL", "URL", "URL");

    assertThat(api.ofStatus(404, "no", "", null).message())
        .isEqualTo("agent error: 404: no. Check URL");
  }

  private static @Nullable Duration wait(Map<String, String> headers) {
    return ApiFailures.retryAfter(name -> Optional.ofNullable(headers.get(name)).stream().toList());
  }
}
