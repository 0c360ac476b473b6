package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.API_KEY;
import static dev.millrace.gateway.GatewayFixture.bearer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.TaskRequest;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoRoutesTest {

  private static final String PATH = "/api/orchestrator/create-video";
  private static final String VIDEO =
      "{\"userId\": \"ada\", \"message\": \"How a mill grinds flour.\"}";

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @Test
  void aVideoIsATaskThatBeginsAFlow() {
    Answer answer = gateway.postWithKey(PATH, VIDEO);

    assertThat(answer.status()).isEqualTo(200);
    TaskRequest request = gateway.sink.values(Topics.TASK_REQUESTS).getFirst();
    assertThat(answer.json().toString())
        .isEqualTo(
            "{\"success\":true,\"task_id\":\"%s\",\"assigned_agent\":\"workflow\",\"status\":\"pending\"}"
                .formatted(request.getTaskId()));
    assertThat(request.getDescription()).isEqualTo("How a mill grinds flour.");
    assertThat(request.getAttributes()).containsEntry("user_id", "ada");
    assertThat(request.getRequestedBy()).isEqualTo("default");
    assertThat(new WorkflowTasks(false, Set.of()).takes(request)).isTrue();
  }

  @Test
  void aVideoIsFoundRightAfterItWasAccepted() {
    String taskId = gateway.postWithKey(PATH, VIDEO).json().get("task_id").asString();

    Answer found = gateway.getWithKey("/api/tasks/" + taskId);

    assertThat(found.json().get("status").asString()).isEqualTo("pending");
    assertThat(found.json().get("queue").asString()).isEqualTo("workflow");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          no user            | {"message": "x"}                                  | /userId
          a blank user       | {"userId": " ", "message": "x"}                   | /userId
          no message         | {"userId": "ada"}                                 | /message
          a blank message    | {"userId": "ada", "message": " "}                 | /message
          a wrong type       | {"userId": "ada", "message": 7}                   | /message
          an unknown field   | {"userId": "ada", "message": "x", "color": "red"} | /color
          """)
  void badInputIsRefusedByField(String name, String body, String field) {
    Answer answer = gateway.postWithKey(PATH, body);

    assertThat(answer.status()).as(name).isEqualTo(400);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.fields()).containsExactly(field);
    assertThat(gateway.sink.on(Topics.TASK_REQUESTS)).isEmpty();
  }

  @Test
  void aMessageOverTheLimitIsRefused() {
    Answer answer = gateway.postWithKey(PATH, VIDEO.replace("How", "x".repeat(4_000)));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("/message");
  }

  @Test
  void nobodyAsksWithoutAKey() {
    assertThat(gateway.post(PATH, VIDEO).status()).isEqualTo(401);
  }

  @Test
  void aTokenMustBeAllowedToAskForTasks() {
    assertThat(gateway.post(PATH, VIDEO, "Authorization", bearer("ada")).status()).isEqualTo(403);
  }

  @Test
  void aUserAsksForThemselves() {
    Answer answer = gateway.post(PATH, VIDEO, "Authorization", bearer("ada", "operator"));

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aUserDoesNotAskForAnother() {
    Answer answer = gateway.post(PATH, VIDEO, "Authorization", bearer("bob", "operator"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().get("detail").asString()).contains("/userId", "another user");
    assertThat(gateway.sink.on(Topics.TASK_REQUESTS)).isEmpty();
  }

  @Test
  void aHeaderThatNamesAnotherUserIsRefused() {
    Answer answer = gateway.post(PATH, VIDEO, "X-API-Key", API_KEY, "X-User-ID", "bob");

    assertThat(answer.status()).isEqualTo(403);
  }

  @Test
  void theSameKeyAndBodyIsOneVideo() {
    String[] headers = {"X-API-Key", API_KEY, "Idempotency-Key", "video-1"};
    Answer first = gateway.post(PATH, VIDEO, headers);

    Answer second = gateway.post(PATH, VIDEO, headers);

    assertThat(second.text()).isEqualTo(first.text());
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(gateway.sink.on(Topics.TASK_REQUESTS)).hasSize(1);
  }
}
