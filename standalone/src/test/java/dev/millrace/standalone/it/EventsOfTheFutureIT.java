package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthProbe;
import dev.millrace.schemas.platform.PlatformEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What analysts read of events whose producers have wrong clocks. */
@ExtendWith(WithMillrace.class)
class EventsOfTheFutureIT {

  private final String name = "it-future-" + UUID.randomUUID();

  /** The first are microseconds that were taken for milliseconds, in the year 57850. */
  @ParameterizedTest
  @ValueSource(longs = {1_763_700_000_000_000L, 4_102_444_800_000L, -99_999_999_999_999L})
  void anEventIsAsOldAsItsRecordWhereItsTimeIsNone(long occurredAt, Millrace millrace)
      throws Exception {
    // given
    PlatformEvent event =
        PlatformEvent.newBuilder()
            .setEventType("odd_event")
            .setSource(name)
            .setOccurredAt(Instant.ofEpochMilli(occurredAt))
            .build();

    // when
    millrace.publish(Topics.PLATFORM_EVENTS, name, event);

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.count(
                        millrace,
                        """
                        SELECT count(*) FROM ai_events e
                        JOIN audit.records r USING (topic, partition, "offset")
                        WHERE e.source = ? AND e."timestamp" = r."timestamp"
                        """,
                        name))
                .isEqualTo(1));
  }

  @Test
  void aProbeThatIsADeadLetterDoesNotFreezeItsProject(Millrace millrace) throws Exception {
    // given
    millrace.publish(Topics.HEALTH_PROBES, name, probe(Instant.now().plus(Duration.ofDays(1))));

    // when
    millrace.publish(Topics.HEALTH_PROBES, name, probe(Instant.now()));

    // then
    eventually()
        .untilAsserted(() -> {
          assertThat(
                  Queries.count(millrace, "SELECT count(*) FROM dead_letters WHERE key = ?", name))
              .isEqualTo(1);
          assertThat(
                  Queries.count(
                      millrace,
                      """
                      SELECT count(*) FROM health_projects
                      WHERE project = ? AND status = 'healthy' AND last_probe_at <= now()
                      """,
                      name))
              .isEqualTo(1);
        });
  }

  private HealthProbe probe(Instant observedAt) {
    return HealthProbe.newBuilder()
        .setProject(name)
        .setUrl("http://localhost/health")
        .setUp(true)
        .setResponseTimeMs(7)
        .setObservedAt(observedAt)
        .build();
  }
}
