package dev.millrace.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @Test
  void readsATraceparent() {
    TraceContext trace = TraceContext.parse("00-" + TRACE + "-" + SPAN + "-01").orElseThrow();

    assertThat(trace).isEqualTo(new TraceContext(TRACE, SPAN, true));
    assertThat(trace.traceparent()).isEqualTo("00-" + TRACE + "-" + SPAN + "-01");
  }

  @Test
  void onlyTheLowestFlagSaysWhetherItIsSampled() {
    assertThat(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-02").orElseThrow().sampled())
        .isFalse();
    assertThat(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-ff").orElseThrow().sampled())
        .isTrue();
  }

  @Test
  void aLaterVersionMayHaveMoreFields() {
    assertThat(TraceContext.parse("cc-" + TRACE + "-" + SPAN + "-01-more")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-1",
        " 00-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01\n",
      })
  void whatIsMalformedStartsANewTrace(String traceparent) {
    assertThat(TraceContext.parse(traceparent)).isEmpty();
  }

  @Property
  void noTextMakesItFail(@ForAll @StringLength(max = 80) String text) {
    assertThat(TraceContext.parse(text)).isNotNull();
  }

  @Property(tries = 50)
  void whatIsStartedIsValid() {
    TraceContext trace = TraceContext.start();

    assertThat(TraceContext.parse(trace.traceparent())).contains(trace);
    assertThat(trace.child().traceId()).isEqualTo(trace.traceId());
    assertThat(trace.child().spanId()).isNotEqualTo(trace.spanId());
  }

  @Test
  void theTraceOfAnIdentityIsAlwaysTheSame() {
    EventId id = EventId.ofPosition("task.requests", 3, 17);

    assertThat(TraceContext.of(id)).isEqualTo(TraceContext.of(id));
    assertThat(TraceContext.parse(TraceContext.of(id).traceparent())).isPresent();
  }
}
