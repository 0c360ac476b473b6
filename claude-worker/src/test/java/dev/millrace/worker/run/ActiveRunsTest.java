package dev.millrace.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.worker.agent.RunId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ActiveRunsTest {

  private static final RunId RUN = new RunId("run-1");

  private Instant now = Instant.EPOCH;
  private final ActiveRuns runs =
      new ActiveRuns(Duration.ofDays(14), ((InstantSource) () -> now).withZone(ZoneOffset.UTC));

  @Test
  void aCommandIsRememberedForAsLongAsItsRunMayCome() throws InterruptedException {
    runs.kill(RUN, "taken back");

    now = now.plus(Duration.ofDays(14));
    runs.kill(new RunId("run-2"), "another");

    assertThat(runs.enter(RUN)).isDone();
  }

  @Test
  void aCommandWhoseRunCannotComeAnyMoreIsForgotten() throws InterruptedException {
    runs.kill(RUN, "taken back");

    now = now.plus(Duration.ofDays(14)).plusMillis(1);
    runs.kill(new RunId("run-2"), "another");

    assertThat(runs.enter(RUN)).isNotDone();
    assertThat(runs.enter(new RunId("run-2"))).isDone();
  }
}
