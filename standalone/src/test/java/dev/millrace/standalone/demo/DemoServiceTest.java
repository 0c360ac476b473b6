package dev.millrace.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.config.Environment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DemoServiceTest {

  @Test
  void aServiceThatIsBrokenIsCuredByARestart() throws Exception {
    try (DemoService service = DemoService.listen(0);
        HttpClient http = HttpClient.newHttpClient()) {
      // given
      assertThat(status(http, service, "/health")).isEqualTo(200);
      status(http, service, "/break");
      assertThat(status(http, service, "/")).isEqualTo(500);

      // when
      status(http, service, "/actions/restart_service");

      // then
      assertThat(status(http, service, "/")).isEqualTo(200);
      assertThat(status(http, service, "/nothing")).isEqualTo(404);
    }
  }

  @Test
  void memoryIsFullUntilTheCacheIsCleared() throws Exception {
    try (DemoService service = DemoService.listen(0);
        HttpClient http = HttpClient.newHttpClient()) {
      // given
      status(http, service, "/break/high_memory");
      double full = metric(http, service, "process_resident_memory_bytes");

      // when
      status(http, service, "/actions/clear_cache");

      // then
      assertThat(full).isGreaterThan(0.9 * SimulatedProcess.MEMORY_LIMIT_BYTES);
      assertThat(metric(http, service, "process_resident_memory_bytes"))
          .isLessThan(0.5 * SimulatedProcess.MEMORY_LIMIT_BYTES);
    }
  }

  @Test
  void countersGrowAsTheTroublesSay() {
    // given
    AtomicLong now = new AtomicLong();
    SimulatedProcess process = new SimulatedProcess(now::get);
    process.trouble(SimulatedProcess.Trouble.HIGH_CPU);
    process.trouble(SimulatedProcess.Trouble.HIGH_ERROR);

    // when
    now.addAndGet(10_000_000_000L);

    // then
    assertThat(process.metrics())
        .contains(
            "process_cpu_seconds_total 9.900",
            "http_requests_total{code=\"200\"} 280",
            "http_requests_total{code=\"500\"} 120");
  }

  @Test
  void whatIsPrintedConfiguresEverything() {
    // given
    Map<String, String> printed =
        Pattern.compile("^export (\\w+)=(?:'([^']*)'|(.*))$", Pattern.MULTILINE)
            .matcher(MockProjectsCommand.settings(3010))
            .results()
            .collect(Collectors.toMap(found -> found.group(1), DemoServiceTest::value));

    // when
    List<String> projects = Environment.of(printed).list("PROJECTS", List.of());

    // then
    assertThat(projects)
        .containsExactly(
            "email-blast:http://localhost:3010",
            "chatbot:http://localhost:3011",
            "social-media:http://localhost:3012");
    assertThat(printed)
        .containsOnlyKeys(
            "PROJECTS", "PROJECT_METRICS", "PROJECT_MEMORY_LIMITS", "REMEDIATION_HOOKS");
    assertThat(printed.get("PROJECT_MEMORY_LIMITS")).contains("chatbot=256MB");
    assertThat(printed.get("REMEDIATION_HOOKS"))
        .startsWith("[{\"project\":\"email-blast\",\"action\":\"restart_service\"")
        .endsWith("http://localhost:3012/actions/pause_service\"}}]");
  }

  private static String value(MatchResult found) {
    return found.group(2) == null ? found.group(3) : found.group(2);
  }

  private static double metric(HttpClient http, DemoService service, String name) throws Exception {
    return get(http, service, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static int status(HttpClient http, DemoService service, String path) throws Exception {
    return get(http, service, path).statusCode();
  }

  private static HttpResponse<String> get(HttpClient http, DemoService service, String path)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
