package dev.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MillraceClientTest {

  private static final String ACCEPTED =
      """
      {"success":true,"task_id":"t-1","assigned_agent":"claude","status":"pending"}
      """;

  private final FakeGateway gateway = new FakeGateway();

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void aTaskIsAskedForInTheShapeOfTheApi() {
    gateway.answers(200, ACCEPTED);

    Tasks.Accepted accepted =
        gateway
            .client()
            .tasks()
            .submit(
                NewTask.of("documentation", "Write it.")
                    .withPriority("high")
                    .in("acme/docs", "docs/a.md", null)
                    .withAttribute("commit", "false"));

    assertThat(accepted).isEqualTo(new Tasks.Accepted(true, "t-1", "claude", "pending"));
    FakeGateway.Asked asked = gateway.first();
    assertThat(asked.headers().getFirst("X-API-Key")).isEqualTo("made-up");
    assertThat(asked.body())
        .isEqualTo(
            "{\"taskType\":\"documentation\",\"priority\":\"high\",\"attributes\":{\"commit\":\"false\"},"
                + "\"payload\":{\"description\":\"Write it.\",\"context\":"
                + "{\"repository\":\"acme/docs\",\"filePath\":\"docs/a.md\"}}}");
  }

  @Test
  void aVideoIsAskedForOnceForItsUser() {
    gateway.answers(200, ACCEPTED);

    Tasks.Accepted accepted = gateway.client().tasks().createVideo("ada", "How a mill grinds.");

    assertThat(accepted.taskId()).isEqualTo("t-1");
    FakeGateway.Asked asked = gateway.first();
    assertThat(asked.headers().getFirst("Idempotency-Key")).isNotBlank();
    assertThat(asked.body()).contains("\"userId\":\"ada\"", "\"message\":\"How a mill grinds.\"");
  }

  @Test
  void aTaskThatIsProcessedOnDemandIsReadInItsOwnSpelling() {
    gateway.answers(
        200, "{\"success\":true,\"taskId\":\"t-1\",\"commit_sha\":\"abc\",\"github_url\":null}");

    assertThat(gateway.client().tasks().processNext(null))
        .isEqualTo(new Tasks.Processed(true, "t-1", "abc", null, null));
    assertThat(gateway.first().body()).isEqualTo("{}");
  }

  @Test
  void anIntentIsToldAndReadWithAllItsFields() {
    gateway.answers(
        200,
        """
        {"intent_id":"i-1","active":true,"topic":"Rust","depth":"deep","end_goal":"Write a driver",
         "time_per_day_min":60,"user_tz":"Europe/Berlin","created_at":"2026-01-19T10:00:00Z"}
        """);

    Learning.Intent intent =
        gateway
            .client()
            .learning()
            .createIntent(
                new Learning.NewIntent(
                    "Rust",
                    "deep",
                    "Write a driver",
                    60,
                    "Europe/Berlin",
                    Map.of("learning_style", "project-first")));

    assertThat(intent.userTz()).isEqualTo("Europe/Berlin");
    assertThat(intent.createdAt()).isEqualTo(Instant.parse("2026-01-19T10:00:00Z"));
    assertThat(gateway.first().body()).contains("\"meta\":{\"learning_style\":\"project-first\"}");
  }

  @Test
  void aPlanSaysHowGoodItsSignalsWere() {
    gateway.answers(
        200,
        """
        {"session_id":"s-1","plan_md":"# Plan","plan_json_summary":{},"degraded_mode":true,
         "cache_hits":3,"cache_misses":1,"signal_quality":{"ta":{"available":true,"fresh":false}}}
        """);

    Learning.Plan plan = gateway.client().learning().generateDayPlan(1, 3);

    assertThat(plan.signalQuality())
        .containsExactly(Map.entry("ta", new Learning.SignalQuality(true, false)));
  }

  @Test
  void callsBelongToTheTraceThatIsNamed() {
    gateway.answers(200, ACCEPTED);
    String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    gateway.builder().traceparent(parent).build().tasks().submit(NewTask.of("analysis", "x"));

    assertThat(gateway.first().headers().getFirst("traceparent")).isEqualTo(parent);
  }

  @Test
  void aCallThatIsKnownByItsKeyIsTriedAgainWithTheSameKey() {
    gateway
        .answers(503, Map.of("Retry-After", "0"), "{}", 0)
        .answers(429, Map.of("Retry-After", "0"), "{}", 0)
        .answers(200, ACCEPTED);

    gateway.client().tasks().submit(NewTask.of("analysis", "x"));

    assertThat(gateway.asked)
        .extracting(asked -> asked.headers().getFirst("Idempotency-Key"))
        .hasSize(3)
        .doesNotContainNull()
        .containsOnly(gateway.first().headers().getFirst("Idempotency-Key"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandIsTriedAgainWithTheSameKey(Consumer<MillraceClient> command) {
    gateway
        .answers(503, Map.of("Retry-After", "0"), "{}", 0)
        .answers(202, "{\"success\":true,\"task_id\":\"t-1\",\"status\":\"queued\"}");

    command.accept(gateway.client());

    assertThat(gateway.asked)
        .extracting(asked -> asked.headers().getFirst("Idempotency-Key"))
        .hasSize(2)
        .doesNotContainNull()
        .containsOnly(gateway.first().headers().getFirst("Idempotency-Key"));
  }

  private static Stream<Consumer<MillraceClient>> commands() {
    return Stream.of(
        client -> client.tasks().cancel("t-1", null),
        client -> client.agents().kill("run-1", null),
        client -> client.agents().retry("run-1", null),
        client -> client.queues().add("t-1"),
        client -> client.queues().remove("t-1"),
        client -> client.queues().pause(null));
  }

  @Test
  void aCallThatMustNotBeMadeTwiceIsNot() {
    gateway.answers(503, Map.of("Retry-After", "0"), "{}", 0);

    assertThatThrownBy(() -> gateway.client().events().create("deploy.requested", "me", Map.of()))
        .isInstanceOf(MillraceException.class);
    assertThat(gateway.asked).hasSize(1);
  }

  @Test
  void aLongerWaitThanOneWantsIsLeftToTheCaller() {
    gateway.answers(429, Map.of("Retry-After", "3600"), "{}", 0);

    assertThatThrownBy(() -> gateway.client().tasks().get("t-1"))
        .isInstanceOfSatisfying(
            MillraceException.class,
            refused -> assertThat(refused.retryAfter()).contains(Duration.ofHours(1)));
    assertThat(gateway.asked).hasSize(1);
  }

  @Test
  void aRefusalSaysWhatTheGatewaySaid() {
    gateway.answers(
        400,
        """
        {"type":"urn:millrace:problem:invalid","title":"The request is not valid","status":400,
         "detail":"see errors","errors":[{"field":"/taskType","reason":"is required"}]}
        """);

    assertThatThrownBy(() -> gateway.client().tasks().submit(NewTask.of("", "x")))
        .isInstanceOfSatisfying(
            MillraceException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(400);
              assertThat(refused.type()).isEqualTo("urn:millrace:problem:invalid");
              assertThat(refused.errors())
                  .containsExactly(new MillraceException.Field("/taskType", "is required"));
              assertThat(refused).hasMessageContaining("/taskType").hasMessageContaining("400");
            });
  }

  @Test
  void aProxysErrorPageAndAGatewayThatIsAwayAreExceptionsLikeOthers() {
    gateway.answers(404, "<html>gone</html>");

    assertThatThrownBy(() -> gateway.client().tasks().get("t-1"))
        .isInstanceOfSatisfying(
            MillraceException.class, refused -> assertThat(refused.status()).isEqualTo(404));
    assertThatThrownBy(() ->
            MillraceClient.at(URI.create("http://127.0.0.1:1"))
                .retries(0, Duration.ZERO)
                .build()
                .health()
                .status())
        .isInstanceOfSatisfying(
            MillraceException.class,
            away -> {
              assertThat(away.status()).isEqualTo(MillraceException.NO_ANSWER);
              assertThat(away).hasMessageEndingWith("did not answer: ConnectException");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mill", "/mill/"})
  void aGatewayMayHaveAPathOfItsOwn(String path) {
    gateway.answers(200, ACCEPTED);

    gateway.builder(path).build().tasks().submit(NewTask.of("analysis", "x"));

    assertThat(gateway.first().uri()).hasToString("/mill/api/orchestrator");
  }

  @Test
  void aListIsReadPageByPage() {
    gateway
        .answers(
            200,
            """
            {"tasks":[{"task_id":"a b","status":"completed","attempt":1,"result":{"text":"x"},
             "created_at":"2026-01-01T00:00:00Z","new_field":1}],"next_cursor":"c=1"}
            """)
        .answers(200, "{\"tasks\":[],\"next_cursor\":null}");
    Tasks tasks = gateway.client().tasks();

    Page<Tasks.Task> first =
        tasks.list(new Tasks.Filter("completed", null, null, null), 1, Optional.empty());
    Page<Tasks.Task> last = tasks.list(Tasks.Filter.ALL, 1, first.next());

    assertThat(first.items().get(0).hasEnded()).isTrue();
    assertThat(first.items().get(0).result()).hasToString("{\"text\":\"x\"}");
    assertThat(last.next()).isEmpty();
    assertThat(gateway.first().uri().getQuery()).contains("status=completed", "limit=1");
    assertThat(gateway.last().uri().getRawQuery()).contains("cursor=c%3D1");
  }

  @Test
  void idsAreEncodedAndRepositoriesSplit() {
    gateway.answers(202, "{\"success\":true,\"task_id\":\"a/b c\",\"action\":\"cancel\"}");
    gateway.answers(200, "{\"default_branch\":\"main\"}");
    MillraceClient client = gateway.client();

    client.tasks().cancel("a/b c", "no longer needed");
    String branch = client.github().defaultBranch("acme/docs");

    assertThat(gateway.first().uri().getRawPath()).isEqualTo("/api/tasks/a%2Fb%20c/cancel");
    assertThat(gateway.first().body()).isEqualTo("{\"reason\":\"no longer needed\"}");
    assertThat(branch).isEqualTo("main");
    assertThat(gateway.last().uri().toString())
        .isEqualTo("/api/github/repo/docs/default-branch?owner=acme");
    assertThatThrownBy(() -> client.github().repository("docs"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStreamThatBreaksGoesOnAfterItsLastEvent() {
    Map<String, String> sse = Map.of("Content-Type", "text/event-stream");
    gateway
        .answers(200, sse, ": hello\n\nid: 1\nevent: log\ndata: {\"n\":1}\n\n", 100)
        .answers(200, sse, "id: 2\nevent: log\ndata: {\"n\":2}\n\nevent: end\ndata: {}\n\n", 0);

    List<Integer> seen = new ArrayList<>();
    try (EventStream logs = gateway.client().agents().followLogs("run-1")) {
      logs.forEachRemaining(event -> seen.add(event.data().path("n").asInt()));
    }

    assertThat(seen).containsExactly(1, 2);
    assertThat(gateway.last().headers().getFirst("Last-Event-ID")).isEqualTo("1");
  }

  @Test
  void aBreakOfTheLiveStreamIsAFailureBecauseItIsNotSentAgain() {
    gateway.answers(200, Map.of(), "id: task.events-0-7\nevent: task\ndata: {}\n\n", 0);

    try (EventStream events = gateway.client().events().follow(List.of())) {
      assertThat(events.next().name()).isEqualTo("task");
      assertThatThrownBy(events::hasNext).isInstanceOf(MillraceException.class);
    }
    assertThat(gateway.asked).hasSize(1);
  }
}
