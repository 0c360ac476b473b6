package dev.millrace.health.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.fixture.FakeApi;
import dev.millrace.health.project.ProjectRounds.Ownership;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.schemas.health.HealthMetric;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CollectorTest {

  private final FakeApi api = new FakeApi();
  private final List<HealthMetric> written = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void whatAProjectExposesIsWrittenAgainAndAgain() {
    // given
    api.answer(
        FakeApi.status(
            200, "process_resident_memory_bytes 966367642", "Content-Type", "text/plain"));
    Collector collector = collector(Duration.ofSeconds(30), Ownership.ALL);

    // when
    collector.start();

    // then
    await().until(() -> written.size() > 1);
    collector.stop();
    assertThat(written.getFirst().getProject()).isEqualTo("mill");
    assertThat(written.getFirst().getName()).isEqualTo("memory_percent");
    assertThat(written.getFirst().getValue()).isBetween(89.9, 90.1);
    assertThat(written.getFirst().getUnit()).isEqualTo("percent");
    assertThat(written.getFirst().getObservedAt()).isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void samplesMayBeJson() {
    // given
    api.answer(
        FakeApi.status(
            200,
            """
            [{"name": "cpu_percent", "value": 97.5, "labels": {"core": "1"},
              "observedAt": "2026-01-23T08:00:00Z"},
             {"project": "mill", "name": "queue_depth", "value": 3, "unit": "messages"}]
            """));
    Collector collector = collector(Duration.ofSeconds(30), Ownership.ALL);

    // when
    collector.start();

    // then
    await().until(() -> written.size() > 1);
    collector.stop();
    assertThat(written.getFirst().getLabels()).isEqualTo(Map.of("core", "1"));
    assertThat(written.getFirst().getObservedAt()).isEqualTo("2026-01-23T08:00:00Z");
    assertThat(written.get(1).getUnit()).isEqualTo("messages");
  }

  @Test
  void metricsThatCannotBeReadAreCountedAndLeadToNothing() {
    // given
    api.answerInTurn(
        FakeApi.status(404, ""),
        FakeApi.status(200, "{}"),
        FakeApi.status(200, "{\"project\":\"other\",\"name\":\"cpu_percent\",\"value\":1}"),
        FakeApi.status(200, "<html>", "Content-Type", "text/html"));
    Collector collector = collector(Duration.ofSeconds(30), Ownership.ALL);

    // when
    collector.start();

    // then
    await().until(() -> count("failed") >= 4);
    assertThat(collector.check()).isEqualTo(Health.UP);
    collector.stop();
    assertThat(written).isEmpty();
  }

  @Test
  void anAnswerThatDoesNotEndIsGivenUpInTime() {
    // given
    api.answer(api.silentAfter("process_cpu_usage 0.5\n"));
    Collector collector = collector(Duration.ofMillis(200), Ownership.ALL);

    // when
    collector.start();

    // then
    await().until(() -> count("failed") >= 1);
    collector.stop();
    assertThat(written).isEmpty();
  }

  @Test
  void anAnswerWithoutMeasureIsRefused() {
    // given
    api.answer(FakeApi.status(200, "#".repeat(9 << 20), "Content-Type", "text/plain"));
    Collector collector = collector(Duration.ofSeconds(30), Ownership.ALL);

    // when
    collector.start();

    // then
    await().until(() -> count("failed") >= 1);
    collector.stop();
    assertThat(count("succeeded")).isZero();
  }

  @Test
  void theProjectOfAnotherInstanceIsLeftToIt() {
    // given
    api.answer(FakeApi.status(200, "process_cpu_usage 0.5", "Content-Type", "text/plain"));
    List<String> asked = new CopyOnWriteArrayList<>();
    Collector collector = collector(Duration.ofSeconds(30), project -> !asked.add(project));

    // when
    collector.start();

    // then
    await().until(() -> asked.size() > 2);
    collector.stop();
    assertThat(api.requests).isEmpty();
  }

  private Collector collector(Duration timeout, Ownership ownership) {
    ScrapeConfig config =
        ScrapeConfig.from(
            Environment.of(
                Map.of(
                    "PROJECT_METRICS", "mill:" + api.uri() + "/metrics",
                    "PROJECT_MEMORY_LIMITS", "mill=1GB",
                    "HEALTH_METRICS_INTERVAL", "100ms")),
            timeout,
            Set.of("cpu_percent", "memory_percent"));
    return new Collector(
        "health-agents", config, ownership, (sample, _) -> written.add(sample), meters);
  }

  private double count(String outcome) {
    return meters.counter("millrace.health.scrapes", "outcome", outcome).count();
  }
}
