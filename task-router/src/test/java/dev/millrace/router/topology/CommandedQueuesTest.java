package dev.millrace.router.topology;

import static dev.millrace.router.topology.RouterDriver.FAR;
import static dev.millrace.router.topology.RouterDriver.NEAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues that are steered, and what is told of them. */
class CommandedQueuesTest {

  @TempDir private Path state;
  private RouterDriver router;

  @BeforeEach
  void start() {
    router = RouterDriver.ofTwoAgents(state);
  }

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void aCommandForEveryQueueReachesEachOfThem() {
    router.command(TaskAction.PAUSE, "*");
    router.request("task-1", "documentation");
    router.request("task-2", "analysis");

    assertThat(router.assignments(NEAR).isEmpty()).isTrue();
    assertThat(router.assignments(FAR).isEmpty()).isTrue();
    assertThat(router.taskEvents.readRecordsToList())
        .filteredOn(event -> event.value().getType() == TaskEventType.PAUSED)
        .extracting(TestRecord::key)
        .containsExactlyInAnyOrder(NEAR, FAR);
  }

  @Test
  void changedSettingsAreToldWithTheirValues() {
    router.commands.pipeInput(
        NEAR,
        TaskCommand.newBuilder()
            .setCommandId("command-1")
            .setQueue(NEAR)
            .setAction(TaskAction.CHANGE_SETTINGS)
            .setSettings(Map.of("max_concurrent", "8"))
            .build());

    TaskEvent changed = router.taskEvents.readValue();
    assertThat(changed.getType()).isEqualTo(TaskEventType.SETTINGS_CHANGED);
    assertThat(changed.getTaskId()).isNull();
    assertThat(changed.getReason()).contains("max_concurrent=8");
    assertThat(changed.getResult()).contains("\"max_concurrent\":\"8\"");
  }

  @Test
  void whoWritesToAQueueKnowsHowFullItIsAndHowItIsSet() {
    router.pass(Duration.ofSeconds(1));
    assertThat(router.snapshots.readValuesToList())
        .extracting(QueueSnapshot::getQueue)
        .contains(NEAR);

    router.command(TaskAction.PAUSE, NEAR);
    router.request("task-1", "documentation");
    router.pass(Duration.ofSeconds(1));

    QueueSnapshot latest = router.snapshots.readValuesToList().getLast();
    assertThat(latest.getQueue()).isEqualTo(NEAR);
    assertThat(latest.getBacklog()).isEqualTo(1);
    assertThat(latest.getRunning()).isZero();
    assertThat(latest.getPauses()).containsExactly("queue");
    assertThat(latest.getSettings()).containsEntry("paused", "true").containsKey("capacity");

    router.command(TaskAction.RESUME, NEAR);

    QueueSnapshot resumed = router.snapshots.readValuesToList().getLast();
    assertThat(resumed.getPauses()).isEmpty();
    assertThat(resumed.getSettings()).containsEntry("paused", "false");
  }
}
