package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskRequest;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class TaskRoutesTest {

  private static final String TASK =
      """
      {"taskType": "documentation", "priority": "high",
       "payload": {"description": "Document the orchestrator",
                   "context": {"repository": "acme/docs", "filePath": "docs/a.md", "branch": "main"}}}
      """;

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @Test
  void aTaskIsAnsweredWithItsAgentOnceItIsOnRecord() {
    Answer answer = gateway.postWithKey("/api/orchestrator", TASK);

    assertThat(answer.status()).isEqualTo(200);
    TaskRequest request = gateway.sink.values(Topics.TASK_REQUESTS).getFirst();
    assertThat(answer.json().toString())
        .isEqualTo(
            "{\"success\":true,\"task_id\":\"%s\",\"assigned_agent\":\"claude\",\"status\":\"pending\"}"
                .formatted(request.getTaskId()));
    assertThat(request.getPriority()).isEqualTo(Priority.HIGH);
    assertThat(request.getContext().getFilePath()).isEqualTo("docs/a.md");
    assertThat(request.getRequestedBy()).isEqualTo("default");
    assertThat(gateway.sink.on(Topics.TASK_REQUESTS).getFirst().key())
        .isEqualTo(request.getTaskId());
  }

  @Test
  void aTaskMayNameItsAgentAndADeadline() {
    gateway.postWithKey(
        "/api/orchestrator",
        """
        {"taskType": "documentation", "agent": "javari", "title": "T", "tenant": "acme",
         "attributes": {"tone": "plain"}, "deadline": "2999-01-01T00:00:00Z",
         "payload": {"description": "x"}}
        """);

    TaskRequest request = gateway.sink.values(Topics.TASK_REQUESTS).getFirst();
    assertThat(request.getAgent()).isEqualTo("javari");
    assertThat(request.getAttributes()).containsEntry("tone", "plain");
    assertThat(request.getDeadline()).isNotNull();
  }

  @Test
  void whoNamesAnUnknownFieldLearnsWhichAreKnown() {
    Answer answer = gateway.postWithKey("/api/orchestrator", "{\"color\": \"red\"}");

    assertThat(answer.text())
        .contains("is not a field that is known here; known are taskType, priority, payload");

    Answer nested =
        gateway.postWithKey(
            "/api/orchestrator",
            "{\"payload\": {\"description\": \"x\", \"repository\": \"a/b\"}}");
    assertThat(nested.text())
        .contains("/payload/repository", "known here; known are description, context");
  }

  @Test
  void anUnknownTaskTypeIsNamedWithThoseThatAreKnown() {
    Answer answer =
        gateway.postWithKey(
            "/api/orchestrator",
            "{\"taskType\": \"juggling\", \"payload\": {\"description\": \"x\"}}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("/taskType");
    assertThat(answer.json().get("detail").asString()).contains("documentation", "juggling");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          a missing field          | {"payload": {"description": "x"}}                                            | /taskType
          a missing nested field   | {"taskType": "code", "payload": {}}                                          | /payload/description
          an unknown field         | {"taskType": "code", "payload": {"description": "x"}, "color": "red"}        | /color
          an unknown nested field  | {"taskType": "code", "payload": {"description": "x", "size": 1}}             | /payload/size
          a wrong type             | {"taskType": 7, "payload": {"description": "x"}}                             | /taskType
          a wrong priority         | {"taskType": "code", "priority": "now", "payload": {"description": "x"}}     | /priority
          a blank description      | {"taskType": "code", "payload": {"description": "  "}}                       | /payload/description
          a path out of the root   | {"taskType": "code", "payload": {"description": "x", "context": {"filePath": "../a"}}} | /payload/context/filePath
          an unknown agent         | {"taskType": "code", "agent": "nobody", "payload": {"description": "x"}}     | /agent
          a deadline that is over  | {"taskType": "code", "deadline": "2001-01-01T00:00:00Z", "payload": {"description": "x"}} | /deadline
          an answer schema of no such type | {"taskType": "code", "attributes": {"answer_schema": "{\\"type\\": 7}"}, "payload": {"description": "x"}} | /attributes/answer_schema
          an answer schema that is none | {"taskType": "code", "attributes": {"answer_schema": "a list"}, "payload": {"description": "x"}} | /attributes/answer_schema
          a deadline that is none  | {"taskType": "code", "deadline": "soon", "payload": {"description": "x"}}    | /deadline
          not an object            | []                                                                           | /
          """)
  void badInputIsRefusedByField(String name, String body, String field) {
    Answer answer = gateway.postWithKey("/api/orchestrator", body);

    assertThat(answer.status()).as(name).isEqualTo(400);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.fields()).containsExactly(field);
    assertThat(answer.json().get("instance").asString()).isEqualTo("/api/orchestrator");
    assertThat(gateway.sink.on(Topics.TASK_REQUESTS)).isEmpty();
  }

  @Test
  void malformedJsonIsRefusedWithItsPlace() {
    Answer answer = gateway.postWithKey("/api/orchestrator", "{\"taskType\": \"code\",\n oops");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("detail").asString()).contains("line 2");
  }

  @Test
  void aNameThatComesTwiceIsRefused() {
    Answer answer =
        gateway.postWithKey(
            "/api/orchestrator",
            "{\"taskType\": \"code\", \"taskType\": \"review\", \"payload\": {\"description\": \"x\"}}");

    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void anOversizedDescriptionIsRefused() {
    Answer answer =
        gateway.postWithKey(
            "/api/orchestrator",
            "{\"taskType\": \"code\", \"payload\": {\"description\": \"%s\"}}"
                .formatted("x".repeat(65_537)));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("/payload/description");
  }

  @Test
  void aBodyOverTheLimitIsRefused() {
    Answer answer = gateway.postWithKey("/api/orchestrator", "x".repeat(2 << 20));

    assertThat(answer.status()).isEqualTo(413);
  }

  @Test
  void aTaskIsFoundRightAfterItWasAccepted() {
    String taskId = gateway.postWithKey("/api/orchestrator", TASK).json().get("task_id").asString();

    Answer found = gateway.getWithKey("/api/tasks/" + taskId);

    assertThat(found.status()).isEqualTo(200);
    assertThat(found.json().get("status").asString()).isEqualTo("pending");
    assertThat(found.json().get("agent").asString()).isEqualTo("claude");
    assertThat(found.json().get("history").isArray()).isTrue();
  }

  @Test
  void anUnknownTaskIsNotFound() {
    Answer answer = gateway.getWithKey("/api/tasks/nothing");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
  }

  @ParameterizedTest
  @CsvSource({"application/json, '{\"events\":[],\"next_cursor\":null}'", "text/event-stream, end"})
  void aTaskThatWasTurnedAwayBeforeItHadAQueueHasItsEventsAllTheSame(String accepted, String told) {
    // given
    gateway.rowsOf.put(
        "public.ai_tasks task",
        List.of(
            Json.object()
                .put("task_id", "task-1")
                .put("status", "failed")
                .putNull("queue")
                .putNull("agent")));

    // when
    Answer answer =
        gateway.get(
            "/api/tasks/task-1/events", "X-API-Key", GatewayFixture.API_KEY, "Accept", accepted);

    // then
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).contains(told);
  }

  @Test
  void aListIsPagedByACursor() {
    gateway.rows.set(IntStream.range(0, 3).mapToObj(TaskRoutesTest::row).toList());

    JsonNode page = gateway.getWithKey("/api/tasks?limit=2&status=pending").json();

    assertThat(page.get("tasks").size()).isEqualTo(2);
    String cursor = page.get("next_cursor").asString();
    assertThat(gateway.getWithKey("/api/tasks?limit=2&cursor=" + cursor).status()).isEqualTo(200);
    assertThat(gateway.getWithKey("/api/tasks?cursor=made-up").fields()).containsExactly("cursor");
  }

  @Test
  void aFilterThatMakesNoSenseIsNamed() {
    assertThat(gateway.getWithKey("/api/tasks?status=asleep").fields()).containsExactly("status");
    assertThat(gateway.getWithKey("/api/tasks?limit=0").fields()).containsExactly("limit");
    assertThat(gateway.getWithKey("/api/events?since=yesterday").fields()).containsExactly("since");
  }

  @Test
  void withoutPostgresOnlyReadingStops() {
    gateway.losePostgres();

    assertThat(gateway.getWithKey("/api/tasks").status()).isEqualTo(503);
    assertThat(gateway.postWithKey("/api/orchestrator", TASK).status()).isEqualTo(200);
  }

  @Test
  void aTaskMayNameFurtherRepositoriesThatItReads() {
    Answer answer =
        gateway.postWithKey(
            "/api/orchestrator",
            """
            {"taskType": "analysis", "payload": {"description": "Compare them", "context":
              {"repository": "acme/docs", "repositories": ["acme/site", "acme/docs", "acme/site"]}}}
            """);

    assertThat(answer.status()).isEqualTo(200);
    TaskRequest request = gateway.sink.values(Topics.TASK_REQUESTS).getFirst();
    assertThat(request.getContext().getRepository()).isEqualTo("acme/docs");
    assertThat(request.getContext().getRepositories()).containsExactly("acme/site");
    JsonNode task = gateway.getWithKey("/api/tasks/" + request.getTaskId()).json();
    assertThat(task.at("/repositories/0").asString()).isEqualTo("acme/site");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"repositories\": [\"acme/site\"]} | /payload/context/repository",
        "{\"repository\": \"acme/docs\", \"repositories\": [\"site\"]} | /payload/context/repositories",
        "{\"repository\": \"acme/docs\", \"repositories\": \"acme/site\"} | /payload/context/repositories",
        "{\"repository\": \"acme/docs\", \"repos\": [\"acme/site\"]} | /payload/context/repos"
      })
  void repositoriesThatCannotBeReadAreRefused(String context, String field) {
    Answer answer =
        gateway.postWithKey(
            "/api/orchestrator",
            "{\"taskType\": \"analysis\", \"payload\": {\"description\": \"x\", \"context\": %s}}"
                .formatted(context));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly(field);
  }

  private static ObjectNode row(int number) {
    return Json.object()
        .put("task_id", "task-" + number)
        .put("created_at", "2026-01-23T10:00:0" + number + "+00:00");
  }
}
