package dev.millrace.runtime.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EffectGuardTest {

  private final List<String> done = new ArrayList<>();
  private final Work<String> guarded =
      EffectGuard.of(
          Effect.REMEDIATIONS,
          new Work<>() {
            @Override
            public void process(Delivery<String> delivery) {
              done.add(delivery.value());
            }

            @Override
            public void givenUp(Delivery<String> delivery, String reason) {
              done.add("not " + delivery.value());
            }
          });

  @Test
  void aReplayHasTheEffectOnlyWhenItIsNamed() throws InterruptedException {
    guarded.process(delivery("first", null));
    guarded.process(delivery("replayed", "r-1"));
    guarded.process(delivery("replayed otherwise", "r-1;effects=commits"));
    guarded.process(delivery("asked for", "r-1;effects=commits,remediations"));

    assertThat(done).containsExactly("first", "asked for");
  }

  @Test
  void workThatIsGivenUpIsToldSoUnlessItsReplayPassedItOver() throws InterruptedException {
    guarded.givenUp(delivery("first", null), "delivered 5 times without an end");
    guarded.givenUp(delivery("replayed", "r-1"), "delivered 5 times without an end");

    assertThat(done).containsExactly("not first");
  }

  private static Delivery<String> delivery(String value, @Nullable String replay) {
    EventId id = new EventId("e-1");
    return new Delivery<>(
        "remediation.commands",
        "key",
        value,
        new EventContext(id, "test", Instant.EPOCH, TraceContext.of(id), replay),
        1);
  }
}
