package dev.millrace.health.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.health.scrape.Exposition.Series;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpositionTest {

  @Test
  void seriesAreReadWithTheirLabelsAndValues() throws Exception {
    // given
    String text =
        """
        # HELP http_requests_total Requests.
        # TYPE http_requests_total counter
        http_requests_total{method="post",code="200",} 1027 1395066363000
        http_requests_total { code = "500" , path="C:\\\\a \\"b\\"\\n" } 3 # {trace_id="x"} 0.1

        process_cpu_seconds_total 1.5e-3
        up{} +Inf
        quiet NaN
        # EOF
        """;

    // when
    List<Series> series = Exposition.parse(text);

    // then
    assertThat(series)
        .containsExactly(
            new Series("http_requests_total", Map.of("method", "post", "code", "200"), 1027),
            new Series("http_requests_total", Map.of("code", "500", "path", "C:\\a \"b\"\n"), 3),
            new Series("process_cpu_seconds_total", Map.of(), 0.0015),
            new Series("up", Map.of(), Double.POSITIVE_INFINITY),
            new Series("quiet", Map.of(), Double.NaN));
  }

  @Test
  void whatIsNotOfTheFormatIsRefusedWithItsLine() {
    for (String wrong :
        List.of("<html>", "up", "up{a=\"b\" 1", "up{a=\"b", "{a=\"b\"} 1", "up 1x")) {
      // when, then
      assertThatThrownBy(() -> Exposition.parse("ok 1\n" + wrong))
          .as(wrong)
          .isInstanceOf(ScrapeException.class)
          .hasMessageStartingWith("line 2 is not of the text format of Prometheus");
    }
  }
}
