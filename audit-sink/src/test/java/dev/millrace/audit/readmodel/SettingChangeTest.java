package dev.millrace.audit.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettingChangeTest {

  private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

  @Test
  void aQueueIsPausedUntilNoPauseIsLeft() {
    assertThat(paused(TaskEventType.PAUSED, "{\"paused\":\"true\"}")).isEqualTo("true");
    assertThat(paused(TaskEventType.RESUMED, "{\"paused\":\"true\"}")).isEqualTo("true");
    assertThat(paused(TaskEventType.RESUMED, "{\"paused\":\"false\"}")).isEqualTo("false");
  }

  @Test
  void anEventOfAnOlderRouterSaysNoMoreThanItsType() {
    assertThat(paused(TaskEventType.PAUSED, null)).isEqualTo("true");
    assertThat(paused(TaskEventType.RESUMED, null)).isEqualTo("false");
  }

  @Test
  void aSnapshotSaysHowAQueueIsSetWithoutAReason() {
    QueueSnapshot snapshot =
        QueueSnapshot.newBuilder()
            .setQueue("claude")
            .setBacklog(0)
            .setRunning(0)
            .setPauses(List.of())
            .setSettings(Map.of("max_concurrent", "4"))
            .setObservedAt(NOW)
            .build();
    MirrorRow row = Records.row(Topics.TASK_QUEUES, 0, snapshot);

    SettingChange seen = SettingChange.seen(row).getFirst();

    assertThat(SettingChange.of(row)).isEmpty();
    assertThat(seen.name()).isEqualTo("max_concurrent");
    assertThat(seen.value()).isEqualTo("4");
    assertThat(seen.reason()).isNull();
    assertThat(seen.at()).isEqualTo(NOW);
  }

  private static String paused(TaskEventType type, @Nullable String facts) {
    TaskEvent event =
        TaskEvent.newBuilder()
            .setEventId("e1")
            .setType(type)
            .setQueue("claude")
            .setResult(facts)
            .setOccurredAt(NOW)
            .build();
    return SettingChange.of(Records.row(Topics.TASK_EVENTS, 0, event)).getFirst().value();
  }
}
