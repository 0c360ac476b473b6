package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.API_KEY;
import static dev.millrace.gateway.GatewayFixture.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An {@code Idempotency-Key}: the same task, whatever happened in between. */
class TaskIdempotencyTest {

  private static final String TASK =
      """
      {"taskType": "documentation", "priority": "high",
       "payload": {"description": "Document the orchestrator",
                   "context": {"repository": "acme/docs", "filePath": "docs/a.md", "branch": "main"}}}
      """;

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @Test
  void theSameKeyAndBodyIsOneTask() {
    Answer first = withIdempotencyKey(TASK, "key-1");

    Answer second = withIdempotencyKey(TASK, "key-1");

    assertThat(second.text()).isEqualTo(first.text());
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(gateway.sink.on(Topics.TASK_REQUESTS)).hasSize(1);
  }

  @Test
  void theSameKeyIsAnsweredTheSameAfterTheDeadlineOfItsTask() {
    String task =
        TASK.replaceFirst(
            "\\{", "{\"deadline\": \"%s\",".formatted(Instant.now().plusSeconds(600)));
    Answer first = withIdempotencyKey(task, "key-1");
    gateway.setClockAhead(Duration.ofHours(1));

    Answer second = withIdempotencyKey(task, "key-1");

    assertThat(first.status()).isEqualTo(200);
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(withIdempotencyKey(task, "key-2").fields()).containsExactly("/deadline");
    assertThat(gateway.sink.on(Topics.TASK_REQUESTS)).hasSize(1);
  }

  @Test
  void theSameKeyAtTheSameMomentIsOneTask() {
    List<String> answers =
        IntStream.range(0, 16)
            .parallel()
            .mapToObj(_ -> withIdempotencyKey(TASK, "key-2").text())
            .distinct()
            .toList();

    assertThat(answers).hasSize(1);
    assertThat(gateway.sink.on(Topics.TASK_REQUESTS)).hasSize(1);
  }

  @Test
  void anotherBodyUnderTheSameKeyIsRefused() {
    withIdempotencyKey(TASK, "key-1");

    Answer other = withIdempotencyKey(TASK.replace("high", "low"), "key-1");

    assertThat(other.status()).isEqualTo(422);
    assertThat(gateway.sink.on(Topics.TASK_REQUESTS)).hasSize(1);
  }

  @Test
  void anotherClientMayUseTheSameKey() {
    withIdempotencyKey(TASK, "key-1");

    Answer other =
        gateway.post(
            "/api/orchestrator",
            TASK,
            "Authorization",
            bearer("default", "operator"),
            "Idempotency-Key",
            "key-1");

    assertThat(other.status()).isEqualTo(200);
    assertThat(gateway.sink.on(Topics.TASK_REQUESTS)).hasSize(2);
  }

  @Test
  void anIdempotencyKeyIsGoodOverMidnight() {
    gateway.setClockAhead(untilASecondBeforeMidnight());
    Answer first = withIdempotencyKey(TASK, "key-1");
    gateway.setClockAhead(untilASecondBeforeMidnight().plusHours(23));

    Answer second = withIdempotencyKey(TASK, "key-1");

    assertThat(second.text()).isEqualTo(first.text());
    assertThat(gateway.sink.values(Topics.TASK_REQUESTS)).hasSize(1);
  }

  @Test
  void aTaskThatWasNotAcknowledgedBeforeMidnightIsTheSameAfterIt() {
    gateway.setClockAhead(untilASecondBeforeMidnight());
    gateway.sink.fail(new IllegalStateException("no answer in time"));
    Answer failed = withIdempotencyKey(TASK, "key-1");
    gateway.sink.fail(null);
    gateway.setClockAhead(untilASecondBeforeMidnight().plusSeconds(2));

    Answer second = withIdempotencyKey(TASK, "key-1");

    assertThat(failed.status()).isEqualTo(500);
    assertThat(second.status()).isEqualTo(200);
    assertThat(gateway.sink.values(Topics.TASK_REQUESTS))
        .extracting(TaskRequest::getTaskId)
        .hasSize(2)
        .containsOnly(second.json().get("task_id").asString());
  }

  private static Duration untilASecondBeforeMidnight() {
    Instant now = Instant.now();
    Instant midnight = now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
    return Duration.between(now, midnight.minusSeconds(1));
  }

  private Answer withIdempotencyKey(String body, String key) {
    return gateway.post("/api/orchestrator", body, "X-API-Key", API_KEY, "Idempotency-Key", key);
  }
}
