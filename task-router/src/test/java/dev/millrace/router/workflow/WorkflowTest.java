package dev.millrace.router.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkflowTest {

  private static final Map<String, String> ON = Map.of("USE_MULTI_AGENT_EVENTS", "true");

  @Test
  void everythingThatCanHappenHasARowThatAlwaysHolds() {
    assertThat(
            Workflow.ROWS.stream()
                .filter(row -> row.when() == Condition.ALWAYS)
                .map(Workflow.Row::signal))
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(Signal.values()));
  }

  @Test
  void onlyTasksWithARepositoryAndNoRoleBeginAFlowAndOnlyWhenItIsSwitchedOn() {
    WorkflowRules on = rules(ON);

    assertThat(on.takes(request().build())).isTrue();
    assertThat(rules(Map.of()).takes(request().build())).isFalse();
    assertThat(on.takes(request().setTaskType("review").build())).isFalse();
    assertThat(on.takes(request().setContext(null).build())).isFalse();
    assertThat(on.takes(request().setAttributes(Map.of("role", "coding")).build())).isFalse();
    assertThat(on.takes(request().setTaskId("a/b").build())).isFalse();
    assertThat(on.takes(request().setTaskId("t.1-coding").build())).isFalse();
  }

  @Test
  void aVideoAlwaysBeginsAFlowUnlessItIsAStepOfOneOrWantedByAModel() {
    WorkflowRules off = rules(Map.of());
    TaskRequest.Builder video = request().setTaskType("video").setContext(null);

    assertThat(off.takes(video.build())).isTrue();
    assertThat(off.takes(video.setAttributes(Map.of("role", "writer")).build())).isFalse();
    assertThat(off.takes(video.setAttributes(Map.of("subtask_depth", "1")).build())).isFalse();
  }

  @Test
  void videosAreMadeByTheAgentThatWritesDocumentsUnlessAnotherIsNamed() {
    assertThat(rules(Map.of()).agent(Role.WRITER)).isEqualTo("claude");
    assertThat(rules(Map.of("WORKFLOW_AGENTS", "producer=chatgpt")).agent(Role.PRODUCER))
        .isEqualTo("chatgpt");
  }

  @Test
  void theIdOfAStepTellsItsFlowAndRole() {
    StepId step = new StepId("pr~acme~site.io~7", 12, Role.VERIFIER);

    assertThat(StepId.parse(step.value())).contains(step);
    assertThat(StepId.parse("pr~acme~site.io~7")).isEmpty();
    assertThat(StepId.parse("t.1-cook")).isEmpty();
  }

  @Test
  void anUnknownRoleOrAgentIsRefusedAtTheStart() {
    assertThatThrownBy(() -> rules(Map.of("WORKFLOW_AGENTS", "cook=claude")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("expected role=agent");
  }

  private static WorkflowRules rules(Map<String, String> variables) {
    Environment environment = Environment.of(variables);
    return WorkflowRules.from(environment, RoutingTable.from(environment));
  }

  private static TaskRequest.Builder request() {
    return TaskRequest.newBuilder()
        .setTaskId("t-1")
        .setTaskType("code")
        .setDescription("Do it.")
        .setContext(TaskContext.newBuilder().setRepository("acme/site").build());
  }
}
