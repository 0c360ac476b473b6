package dev.millrace.router.queue;

import static dev.millrace.router.queue.QueueFixture.dispatched;
import static dev.millrace.router.queue.QueueFixture.queueSteps;
import static dev.millrace.router.queue.QueueFixture.steps;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.router.queue.QueueEvent.RunResult;
import dev.millrace.runtime.queue.QueueSettings;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueueCommandsTest {

  private final QueueFixture queue = new QueueFixture(Map.of());

  @Test
  void aPausedQueueCollectsAndAResumedOneDispatches() {
    List<QueueEffect> paused = queue.command(queue.command(TaskAction.PAUSE));
    List<QueueEffect> requested = queue.request("a");
    List<QueueEffect> resumed = queue.command(queue.command(TaskAction.RESUME));

    assertThat(queueSteps(paused)).containsExactly(TaskEventType.PAUSED);
    assertThat(dispatched(requested)).isEmpty();
    assertThat(queueSteps(resumed)).containsExactly(TaskEventType.RESUMED);
    assertThat(dispatched(resumed)).containsExactly("a");
  }

  @Test
  void eachLevelOfPauseIsResumedAtItsOwn() {
    queue.command(queue.command(TaskAction.PAUSE).setQueue("*"));
    queue.command(queue.command(TaskAction.PAUSE));
    queue.command(queue.command(TaskAction.PAUSE).setQueue("*").setAgent("claude"));
    queue.request("a");

    List<QueueEffect> own = queue.command(queue.command(TaskAction.RESUME));
    List<QueueEffect> agent = queue.command(queue.command(TaskAction.RESUME).setAgent("claude"));
    List<QueueEffect> everything = queue.command(queue.command(TaskAction.RESUME).setQueue("*"));

    assertThat(paused(own)).containsExactly("true");
    assertThat(paused(agent)).containsExactly("true");
    assertThat(paused(everything)).containsExactly("false");
    assertThat(dispatched(own)).isEmpty();
    assertThat(dispatched(agent)).isEmpty();
    assertThat(dispatched(everything)).containsExactly("a");
  }

  @Test
  void aQueueThatIsSetToRunRunsWhateverPausedIt() {
    // given
    queue.command(queue.command(TaskAction.PAUSE).setQueue("*"));
    queue.command(queue.command(TaskAction.PAUSE).setQueue("*").setAgent("claude"));
    queue.request("a");

    // when
    List<QueueEffect> effects =
        queue.command(
            queue.command(TaskAction.CHANGE_SETTINGS).setSettings(Map.of("paused", "false")));

    // then
    assertThat(dispatched(effects)).containsExactly("a");
    assertThat(queueSteps(effects))
        .containsExactly(TaskEventType.RESUMED, TaskEventType.SETTINGS_CHANGED);
    assertThat(paused(effects)).containsExactly("false", "false");
  }

  @Test
  void resumingEverythingResumesAQueueThatAFailedTaskStopped() {
    // given
    queue.request("a");
    queue.request("b");
    queue.finish("a", 1, new RunResult.Failed("no", false, null, false));

    // when
    List<QueueEffect> effects = queue.command(queue.command(TaskAction.RESUME).setQueue("*"));

    // then
    assertThat(dispatched(effects)).containsExactly("b");
    assertThat(paused(effects)).containsExactly("false");
  }

  @Test
  void theSettingSaysPausedForAPauseOfAnyLevel() {
    queue.command(queue.command(TaskAction.PAUSE).setQueue("*"));
    Map<String, String> paused = Commands.current(QueueSettings.defaults(), queue.status());
    queue.command(queue.command(TaskAction.RESUME).setQueue("*"));
    Map<String, String> resumed = Commands.current(QueueSettings.defaults(), queue.status());

    assertThat(paused).containsEntry("paused", "true");
    assertThat(resumed).containsEntry("paused", "false");
  }

  /** What steps of the queue say about its being paused. */
  private static List<String> paused(List<QueueEffect> effects) {
    return effects.stream()
        .filter(QueueEffect.QueueStep.class::isInstance)
        .map(QueueEffect.QueueStep.class::cast)
        .map(step -> step.facts() == null ? "" : step.facts().getOrDefault("paused", ""))
        .toList();
  }

  @Test
  void pausingAnotherAgentIsNoneOfThisQueuesBusiness() {
    List<QueueEffect> effects =
        queue.command(queue.command(TaskAction.PAUSE).setQueue("*").setAgent("chatgpt"));

    assertThat(effects).isEmpty();
    assertThat(queue.status().isPaused()).isFalse();
  }

  @Test
  void aCommandThatComesAgainIsNotObeyedAgain() {
    TaskCommand.Builder pause = queue.command(TaskAction.PAUSE);
    queue.command(pause);
    queue.command(queue.command(TaskAction.RESUME));

    assertThat(queue.command(pause)).isEmpty();
    assertThat(queue.status().isPaused()).isFalse();
  }

  @Test
  void settingsChangeAtOnceAndOutliveARestart() {
    queue.request("a");
    queue.request("b");
    queue.request("c");

    List<QueueEffect> effects = queue.command(settings(Map.of("max_concurrent", "2")));
    queue.restart();
    queue.complete("a", 1);

    assertThat(queueSteps(effects)).containsExactly(TaskEventType.SETTINGS_CHANGED);
    assertThat(dispatched(effects)).containsExactly("b");
    assertThat(queue.status().running()).isEqualTo(2);
  }

  @Test
  void aLowerLimitLetsRunsEndAndStartsNoneUntilThereIsRoom() {
    queue.command(settings(Map.of("max_concurrent", "3")));
    for (String task : List.of("a", "b", "c", "d")) {
      queue.request(task);
    }
    queue.command(settings(Map.of("max_concurrent", "1")));

    assertThat(dispatched(queue.complete("a", 1))).isEmpty();
    assertThat(dispatched(queue.complete("b", 1))).isEmpty();
    assertThat(dispatched(queue.complete("c", 1))).containsExactly("d");
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedAsAWhole() {
    List<QueueEffect> effects =
        queue.command(settings(Map.of("max_concurrent", "many", "capacity", "5")));

    assertThat(effects)
        .singleElement()
        .isInstanceOfSatisfying(
            QueueEffect.Refuse.class,
            refuse -> assertThat(refuse.reason()).contains("max_concurrent").contains("many"));
    assertThat(queue.status().overrides()).isEmpty();
  }

  @Test
  void everythingThatWaitsIsCancelledInPartsAndWhatComesLaterIsNot() {
    queue.request("running");
    for (int i = 0; i < 500; i++) {
      queue.request("old-" + i);
    }

    queue.command(queue.command(TaskAction.CANCEL));
    queue.request("new");
    queue.pass(Duration.ofSeconds(1));
    queue.pass(Duration.ofSeconds(1));
    List<QueueEffect> effects = queue.complete("running", 1);

    assertThat(dispatched(effects)).containsExactly("new");
    assertThat(steps(queue.history)).filteredOn(step -> step.endsWith("CANCELLED")).hasSize(500);
    assertThat(queue.status().backlog()).isZero();
  }

  private TaskCommand.Builder settings(Map<String, String> settings) {
    return queue.command(TaskAction.CHANGE_SETTINGS).setSettings(settings);
  }
}
