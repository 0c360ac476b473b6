package dev.millrace.router.workflow.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.workflow.WorkflowEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VideoFlowTest {

  private static final String SCRIPT = "{\"title\":\"Flour\",\"scenes\":[{\"visual\":\"A mill\"}]}";
  private static final String STORYBOARD = "{\"shots\":[{\"image_prompt\":\"A mill\"}]}";
  private static final String MEDIA =
      "{\"offline\":false,\"assets\":[{\"shot\":1,\"url\":\"https://cdn.example/1.png\"}],\"not_made\":[]}";

  @TempDir private Path state;
  private WorkflowDriver workflow;

  /** Development work does not go through flows here; videos do all the same. */
  @BeforeEach
  void start() {
    workflow = new WorkflowDriver(state, Map.of("USE_MULTI_AGENT_EVENTS", "false"));
  }

  @AfterEach
  void stop() {
    workflow.close();
  }

  @Test
  void aVideoIsWrittenDirectedAndProduced() throws JsonProcessingException {
    // given
    video();
    TaskRequest writer = workflow.requested();
    workflow.completed(writer, result(SCRIPT, false));
    TaskRequest director = workflow.requested();
    workflow.completed(director, result(STORYBOARD, false));
    TaskRequest producer = workflow.requested();

    // when
    workflow.completed(producer, result(MEDIA, false));

    // then
    assertThat(List.of(writer, director, producer))
        .extracting(TaskRequest::getTaskId)
        .containsExactly("v-1.1-writer", "v-1.2-director", "v-1.3-producer");
    assertThat(writer.getDescription()).isEqualTo("How a mill grinds flour.");
    assertThat(writer.getParentTaskId()).isEqualTo("v-1");
    assertThat(material(director).path("title").asText()).isEqualTo("Flour");
    assertThat(material(producer).path("shots").isArray()).isTrue();
    assertThat(workflow.events())
        .extracting(WorkflowEvent::getType)
        .containsExactly(
            "video.requested",
            "script.created",
            "storyboard.created",
            "media.completed",
            "flow.completed");
    JsonNode made = json(completed().getResult());
    assertThat(made.path("offline").asBoolean()).isFalse();
    assertThat(made.at("/script/title").asText()).isEqualTo("Flour");
    assertThat(made.at("/storyboard/shots/0/image_prompt").asText()).isEqualTo("A mill");
    assertThat(made.at("/media/assets/0/url").asText()).isEqualTo("https://cdn.example/1.png");
  }

  @Test
  void aPartThatWasMadeOfflineIsLabelled() throws JsonProcessingException {
    // given
    video();
    workflow.completed(workflow.requested(), result(SCRIPT, true));
    workflow.completed(workflow.requested(), result(STORYBOARD, false));

    // when
    workflow.completed(workflow.requested(), result(MEDIA, false));

    // then
    JsonNode made = json(completed().getResult());
    assertThat(made.path("offline").asBoolean()).isTrue();
    assertThat(made.at("/script/offline").asBoolean()).isTrue();
    assertThat(made.at("/storyboard/offline").asBoolean()).isFalse();
  }

  @Test
  void aStepThatFailsFailsTheVideoWithItsReason() {
    // given
    video();
    TaskRequest writer = workflow.requested();

    // when
    workflow.ended(writer, TaskEventType.FAILED, null);

    // then
    TaskEvent end = last();
    assertThat(end.getType()).isEqualTo(TaskEventType.FAILED);
    assertThat(end.getReason()).contains("step.failed", "v-1.1-writer", "it broke");
  }

  @Test
  void aVideoThatFailedAtItsMediaIsProducedAgainFromTheSameStoryboard() {
    // given
    video();
    workflow.completed(workflow.requested(), result(SCRIPT, false));
    workflow.completed(workflow.requested(), result(STORYBOARD, false));
    TaskRequest producer = workflow.requested();
    workflow.ended(producer, TaskEventType.FAILED, null);

    // when
    workflow.command(TaskAction.RETRY, "v-1");

    // then
    TaskRequest again = workflow.requested();
    assertThat(again.getTaskId()).isEqualTo("v-1.4-producer");
    assertThat(again.getAttributes())
        .containsEntry("flow", "v-1")
        .containsEntry("material", producer.getAttributes().get("material"));
  }

  @Test
  void aCancelledVideoStopsItsAgent() {
    // given
    video();
    TaskRequest writer = workflow.requested();

    // when
    workflow.command(TaskAction.CANCEL, "v-1");

    // then
    assertThat(workflow.commands().getLast().getTaskId()).isEqualTo(writer.getTaskId());
    assertThat(last().getType()).isEqualTo(TaskEventType.CANCELLED);
  }

  @Test
  void anAnswerThatIsNoJsonFailsTheVideo() {
    // given
    video();

    // when
    workflow.completed(workflow.requested(), "{\"text\":\"once upon a time\"}");

    // then
    assertThat(last().getReason()).contains("expected JSON as the answer");
  }

  @Test
  void aRequestThatComesAgainIsOneVideo() {
    // given
    video();
    workflow.requests();

    // when
    video();

    // then
    assertThat(workflow.requests()).isEmpty();
  }

  @Test
  void aPlatformDoesNotMoveAVideo() {
    // given
    try (WorkflowDriver both = new WorkflowDriver(state.resolve("both"), Map.of())) {
      both.request(request());
      both.requests();

      // when
      both.platform("script.created", "{\"task_id\":\"v-1\",\"text\":\"{}\"}");

      // then
      assertThat(both.requests()).isEmpty();
    }
  }

  private void video() {
    workflow.request(request());
  }

  private static TaskRequest request() {
    return TaskRequest.newBuilder()
        .setTaskId("v-1")
        .setTaskType("video")
        .setDescription("How a mill grinds flour.")
        .build();
  }

  private TaskEvent last() {
    return workflow.taskEvents().getLast();
  }

  private TaskEvent completed() {
    TaskEvent last = last();
    assertThat(last.getType()).isEqualTo(TaskEventType.COMPLETED);
    return last;
  }

  private static String result(String answer, boolean offline) {
    return "{\"text\":\"x\",\"offline\":%s,\"answer\":%s}".formatted(offline, answer);
  }

  private static JsonNode material(TaskRequest request) throws JsonProcessingException {
    return json(request.getAttributes().getOrDefault("material", ""));
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }
}
