package dev.millrace.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskEventType;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the queues leave to the workflow. */
class FlowRequestTest {

  private static final TaskContext PLACE =
      TaskContext.newBuilder().setRepository("acme/site").build();

  @TempDir Path state;

  @Test
  void workForSeveralAgentsWaitsInNoQueue() {
    try (RouterDriver router = new RouterDriver(state, Map.of("USE_MULTI_AGENT_EVENTS", "true"))) {
      // when
      router.requests.pipeInput(
          "flow-1", RouterDriver.taskRequest("flow-1", "code").setContext(PLACE).build());
      router.command(TaskAction.CANCEL, "workflow");

      // then
      assertThat(router.taskEvents.isEmpty()).isTrue();
      assertThat(router.failures).isEmpty();
    }
  }

  @Test
  void theTaskOfOneAgentDoes() {
    try (RouterDriver router = new RouterDriver(state, Map.of("USE_MULTI_AGENT_EVENTS", "true"))) {
      // when
      router.requests.pipeInput(
          "flow-1.1-starter",
          RouterDriver.taskRequest("flow-1.1-starter", "code")
              .setContext(PLACE)
              .setAttributes(Map.of("role", "starter"))
              .build());

      // then
      assertThat(router.taskEvents.readValuesToList())
          .first()
          .satisfies(event -> assertThat(event.getType()).isEqualTo(TaskEventType.CREATED));
    }
  }
}
