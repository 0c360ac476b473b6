package dev.millrace.health.remedy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.health.metric.MetricWatch;
import dev.millrace.runtime.streams.JsonSerde;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RemediationStateTest {

  @Test
  void whatAnEarlierVersionStoredIsRead() {
    byte[] stored =
        "{\"repairs\":{},\"escalations\":[],\"recent\":[\"a-1\"]}".getBytes(StandardCharsets.UTF_8);

    RemediationState state =
        new JsonSerde<>(RemediationState.class).deserializer().deserialize("store", stored);

    assertThat(state.knows("a-1")).isTrue();
    assertThat(state.pending()).isEmpty();
    assertThat(state.answers()).isEmpty();
  }

  @Test
  void soIsWhatItStoredOfMetrics() {
    byte[] stored = "{\"badSamples\":{},\"raisedAt\":{}}".getBytes(StandardCharsets.UTF_8);

    MetricWatch watch =
        new JsonSerde<>(MetricWatch.class).deserializer().deserialize("store", stored);

    assertThat(watch).isEqualTo(MetricWatch.NONE);
  }
}
