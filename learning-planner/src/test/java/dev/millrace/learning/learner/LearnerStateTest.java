package dev.millrace.learning.learner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.streams.JsonSerde;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class LearnerStateTest {

  private static final Instant FIRST = Instant.parse("2026-01-19T15:00:00Z");

  @Test
  void aStateOfAnEarlierVersionKnowsTheAgeOfItsIntent() {
    // given
    Serde<LearnerState> states = new JsonSerde<>(LearnerState.class);
    LearnerState current = LearnerState.NEW.withIntent(intent(FIRST), FIRST);
    String json = new String(states.serializer().serialize("t", current), UTF_8);
    String earlier = json.replaceFirst(",\"toldIntents\":\\[[^\\]]*\\]", "");

    // when
    LearnerState read = states.deserializer().deserialize("t", earlier.getBytes(UTF_8));

    // then
    assertThat(earlier).doesNotContain("toldIntents");
    assertThat(read.aged(intent(FIRST.plusSeconds(60))).createdAt()).isEqualTo(FIRST);
  }

  private static Intent intent(Instant createdAt) {
    return new Intent("intent-1", "Corn", "deep", "mill it", 30, "UTC", Map.of(), createdAt);
  }
}
