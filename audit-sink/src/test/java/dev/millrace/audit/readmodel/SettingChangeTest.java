package dev.millrace.audit.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Instant;
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
