package dev.millrace.router.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.router.workflow.FlowInput.Happened;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.platform.PlatformEvent;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformInputsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deploy.completed | {} | a task_id, or with a repository and a pull_request",
        "deploy.requested | {} | or with a repository",
        "audit.requested | {\"branch\": \"main\"} | or with a repository",
        "verify.passed | {\"repository\": \"acme/site\"} | a pull_request",
        "pr.merged | {\"repository\": \"acme/site\", \"pull_request\": \"twelve\"} | found \"twelve\"",
        "pr.merged | {\"repository\": \"acme/site\", \"pull_request\": 0} | found 0",
        "pr.merged | {\"repository\": [\"acme/site\"], \"pull_request\": 12} | repository: expected a text",
        "deploy.completed | {\"task_id\": 12} | task_id: expected a text, found 12",
        "deploy.completed | {\"task_id\": \"a/b\"} | letters, digits",
        "task.assigned | {\"task_id\": \"t-1\"} | a repository and a description",
        "task.assigned | {\"repository\": \"acme/site\"} | a repository and a description",
        "task.assigned | {\"repository\": \"a/b\", \"description\": \"x\", \"repositories\": \"a/c\"} | a list of at most 10",
        "deploy.completed | [] | a JSON object",
        "deploy.completed | nonsense | expected JSON",
      })
  void dataThatDoNotTellWhatIsMeantAreRefusedWithTheReason(
      String type, String data, String reason) {
    assertThatThrownBy(() -> read(type, data))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"12", "\"12\"", "\" 12 \""})
  void theNumberOfAPullRequestMayBeAText(String number) {
    Optional<FlowInput> input =
        read(
            "pr.merged", "{\"repository\": \"acme/site\", \"pull_request\": %s}".formatted(number));

    assertThat(input).map(FlowInput::flow).contains("pr~acme~site~12");
  }

  @Test
  void aTaskThatAPlatformAssignsBeginsAFlow() {
    Optional<FlowInput> input =
        read(
            "task.assigned",
            """
            {"task_id": "t-1", "repository": "acme/site", "description": "Add a page.",
             "title": "A page", "branch": "main", "file_path": "hours.md"}\
            """);

    assertThat(input)
        .hasValueSatisfying(found -> {
          assertThat(found.flow()).isEqualTo("t-1");
          assertThat(found.content())
              .isInstanceOfSatisfying(
                  Happened.class,
                  happened -> {
                    assertThat(happened.signal()).isEqualTo(Signal.TASK_ASSIGNED);
                    assertThat(happened.recorded()).isFalse();
                    assertThat(happened.begins())
                        .extracting(
                            Flow.Work::title,
                            Flow.Work::description,
                            Flow.Work::repository,
                            Flow.Work::base,
                            Flow.Work::filePath)
                        .containsExactly("A page", "Add a page.", "acme/site", "main", "hours.md");
                  });
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"blueprint_updated", "step.failed", "video.requested"})
  void whatFlowsDoNotKnowOfPlatformsIsNoConcernOfTheirs(String type) {
    assertThat(read(type, "no JSON")).isEmpty();
  }

  private static Optional<FlowInput> read(String type, String data) {
    return PlatformInputs.of(
        PlatformEvent.newBuilder().setEventType(type).setSource("ci").setData(data).build(),
        EventContext.start("test", TraceContext.start()));
  }
}
