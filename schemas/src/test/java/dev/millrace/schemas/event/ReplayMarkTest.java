package dev.millrace.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplayMarkTest {

  @Test
  void aReplayHasNoEffectsUnlessTheyAreNamed() {
    assertThat(new ReplayMark("r-1", Set.of()).header()).isEqualTo("r-1");
    assertThat(ReplayMark.parse("r-1").effects()).isEmpty();
  }

  @Test
  void namedEffectsAreReadBack() {
    ReplayMark mark = new ReplayMark("r-1", Set.of(Effect.COMMITS, Effect.MODEL_CALLS));

    assertThat(mark.header()).isEqualTo("r-1;effects=model-calls,commits");
    assertThat(ReplayMark.parse(mark.header())).isEqualTo(mark);
  }

  @Test
  void anEffectThatIsNotKnownIsNotAllowed() {
    assertThat(ReplayMark.parse("r-1;effects=everything,commits").effects())
        .containsExactly(Effect.COMMITS);
    assertThat(ReplayMark.parse("r-1;all").effects()).isEmpty();
    assertThat(ReplayMark.parse(";effects=commits").id()).isEqualTo("unknown");
  }

  @Test
  void anEventAllowsEverythingUnlessAReplayWroteIt() {
    assertThat(event(null).allows(Effect.REMEDIATIONS)).isTrue();
    assertThat(event("r-1").allows(Effect.REMEDIATIONS)).isFalse();
    assertThat(event("r-1;effects=remediations").allows(Effect.REMEDIATIONS)).isTrue();
  }

  private static EventContext event(@Nullable String replay) {
    EventContext start = EventContext.start("test", TraceContext.of(new EventId("e-1")));
    return new EventContext(start.id(), start.source(), Instant.EPOCH, start.trace(), replay);
  }
}
