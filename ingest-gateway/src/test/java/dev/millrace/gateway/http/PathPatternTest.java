package dev.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {

  @ParameterizedTest
  @CsvSource({
    "/api/tasks, /api/tasks, true",
    "/api/tasks, /api/tasks/1, false",
    "/api/tasks/{id}, /api/tasks/1, true",
    "/api/tasks/{id}, /api/tasks, false",
    "/api/tasks/{id}, /api/tasks/, false",
    "/api/tasks/{id}, /api/tasks/a%2Fb, true",
    "/api/tasks/{id}, /api/tasks/1/logs, false",
    "/webjars/{+file}, /webjars/a/b.js, true",
    "/webjars/{+file}, /other/a, false"
  })
  void aPathFitsOrNot(String pattern, String path, boolean fits) {
    assertThat(PathPattern.matches(pattern, path)).isEqualTo(fits);
  }

  @Test
  void aParameterIsDecodedAfterThePathWasSplit() {
    String id =
        PathPattern.parameter("/api/tasks/{id}/events", "/api/tasks/acme%2f1+2%20x/events", "id");

    assertThat(id).isEqualTo("acme/1+2 x");
  }
}
