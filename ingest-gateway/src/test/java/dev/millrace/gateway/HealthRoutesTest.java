package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthMetric;
import dev.millrace.schemas.health.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthRoutesTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @Test
  void healthHasTheFieldsThatCallersKnow() {
    Answer answer = gateway.get("/health");

    assertThat(answer.json().propertyNames())
        .containsExactly("status", "version", "uptime", "timestamp");
    assertThat(answer.json().get("status").asString()).isEqualTo("ok");
    assertThat(answer.json().get("version").asString()).isEqualTo("1.0.0");
  }

  @Test
  void healthWithDetailsSaysWhatIsAway() {
    Answer answer = gateway.get("/api/health");

    assertThat(answer.json().get("status").asString()).isEqualTo("degraded");
    assertThat(answer.json().at("/dependencies/kafka/status").asString()).isEqualTo("up");
    assertThat(answer.json().at("/dependencies/postgres/reason").asString())
        .isEqualTo("it is away");
  }

  @Test
  void whoeverAsksWhileTheChecksRunWaitsForThemAndStartsNoOthers() throws Exception {
    // given
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    gateway.checks.set(() -> {
      runs.incrementAndGet();
      awaitEnd(end);
      return Map.of();
    });
    List<Thread> callers = new ArrayList<>();

    // when
    for (int caller = 0; caller < 3; caller++) {
      callers.add(Thread.startVirtualThread(() -> gateway.get("/api/health")));
    }
    await().until(() -> gateway.meters.get("gateway.in.flight").gauge().value() == 3);
    end.countDown();
    for (Thread caller : callers) {
      caller.join();
    }

    // then
    assertThat(runs).hasValue(1);
  }

  private static void awaitEnd(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "high_memory, memory_percent",
    "high_cpu, cpu_percent",
    "high_error, error_rate_percent"
  })
  void anAnomalyIsMadeUp(String type, String metric) {
    Answer answer =
        gateway.postWithKey(
            "/api/test/anomaly",
            "{\"projectName\": \"email-blast\", \"type\": \"%s\"}".formatted(type));

    HealthAnomaly anomaly = gateway.sink.values(Topics.HEALTH_ANOMALIES).getFirst();
    assertThat(answer.json().get("anomaly_id").asString()).isEqualTo(anomaly.getAnomalyId());
    assertThat(anomaly.getSynthetic()).isTrue();
    assertThat(anomaly.getSeverity()).isEqualTo(Severity.CRITICAL);
    assertThat(anomaly.getMetric()).isEqualTo(metric);
    assertThat(anomaly.getValue()).isGreaterThan(anomaly.getThreshold());
  }

  @Test
  void anUnknownKindOfAnomalyIsRefused() {
    Answer answer =
        gateway.postWithKey(
            "/api/test/anomaly", "{\"projectName\": \"email-blast\", \"type\": \"high_tide\"}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("/type");
  }

  @Test
  void oneSampleOrSeveralAreTaken() {
    gateway.postWithKey(
        "/api/metrics",
        "{\"projectName\": \"email-blast\", \"name\": \"memory_percent\", \"value\": 71.5}");

    Answer several =
        gateway.postWithKey(
            "/api/metrics",
            """
            [{"project": "chatbot", "name": "cpu_percent", "value": 3, "labels": {"host": "a"}},
             {"project": "chatbot", "name": "cpu_percent", "value": 4,
              "observedAt": "2026-01-23T10:00:00Z"}]
            """);

    assertThat(several.json().get("accepted").asInt()).isEqualTo(2);
    assertThat(gateway.sink.values(Topics.HEALTH_METRICS))
        .extracting(HealthMetric::getProject)
        .containsExactly("email-blast", "chatbot", "chatbot");
  }

  @Test
  void oneBadSampleRefusesAllAndIsNamed() {
    Answer answer =
        gateway.postWithKey(
            "/api/metrics",
            """
            [{"project": "chatbot", "name": "cpu_percent", "value": 3},
             {"project": "chatbot", "name": "cpu_percent", "value": "much"}]
            """);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("/1/value");
    assertThat(gateway.sink.on(Topics.HEALTH_METRICS)).isEmpty();
  }

  @Test
  void aSampleOfATimeToComeIsRefused() {
    Answer answer =
        gateway.postWithKey(
            "/api/metrics",
            """
            [{"project": "chatbot", "name": "cpu_percent", "value": 3},
             {"project": "chatbot", "name": "cpu_percent", "value": 99,
              "observedAt": "2099-01-01T00:00:00Z"}]
            """);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("/1/observedAt");
    assertThat(gateway.sink.on(Topics.HEALTH_METRICS)).isEmpty();
  }

  @Test
  void labelsThatTheAnalyzerCouldNotKeepAreRefused() {
    // given
    String longText = "x".repeat(1_500);

    // when
    Answer answer =
        gateway.postWithKey(
            "/api/metrics",
            """
            [{"project": "chatbot", "name": "cpu_percent", "value": 3},
             {"project": "chatbot", "name": "cpu_percent", "value": 99,
              "labels": {"a": "%1$s", "b": "%1$s"}}]
            """
                .formatted(longText));

    // then
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("/1/labels");
    assertThat(gateway.sink.on(Topics.HEALTH_METRICS)).isEmpty();
  }

  @Test
  void moreLabelsThanAreKeptAreRefused() {
    // given
    String labels =
        IntStream.rangeClosed(1, 17)
            .mapToObj("\"l%d\": \"x\""::formatted)
            .collect(Collectors.joining(","));

    // when
    Answer answer =
        gateway.postWithKey(
            "/api/metrics",
            "{\"project\": \"chatbot\", \"name\": \"cpu_percent\", \"value\": 1, \"labels\": {%s}}"
                .formatted(labels));

    // then
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("/labels");
  }
}
