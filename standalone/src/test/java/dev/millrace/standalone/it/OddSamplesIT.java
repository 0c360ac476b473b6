package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.health.HealthMetric;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What analysts read of samples that nobody should have written. */
@ExtendWith(WithMillrace.class)
class OddSamplesIT {

  private final String project = "it-odd-" + UUID.randomUUID();

  /** Microseconds that were taken for milliseconds are a time in the year 57850. */
  @ParameterizedTest
  @CsvSource({"1763700000000000, 0.5", "1, NaN", "1763700000000, Infinity", "-99999999999999, 1"})
  void areNoHindranceToQuestions(long observedAt, double value, Millrace millrace)
      throws Exception {
    // given
    EventPublisher publisher = new EventPublisher(millrace.kafka(), Duration.ofSeconds(30));
    publisher.start();

    // when
    publisher.publishAndWait(
        Topics.HEALTH_METRICS,
        project,
        HealthMetric.newBuilder()
            .setProject(project)
            .setName("odd")
            .setValue(value)
            .setObservedAt(Instant.ofEpochMilli(observedAt))
            .build(),
        EventContext.start("it", TraceContext.start()));
    publisher.stop();

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        "SELECT value::text FROM health_metrics WHERE project = ?"
                            + " AND observed_at IS NOT NULL AND NOT synthetic",
                        project))
                .containsExactly(Double.toString(value).replaceAll("[.]0$", "")));
  }
}
