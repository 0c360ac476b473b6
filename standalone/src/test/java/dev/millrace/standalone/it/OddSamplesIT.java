package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthMetric;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
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
    // when
    millrace.publish(
        Topics.HEALTH_METRICS,
        project,
        HealthMetric.newBuilder()
            .setProject(project)
            .setName("odd")
            .setValue(value)
            .setObservedAt(Instant.ofEpochMilli(observedAt))
            .build());

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

  /** As a text, which a schema of somebody's own may have, it can be any. */
  @ParameterizedTest
  @CsvSource({
    "2024-02-29T12:00:00Z, true",
    "2000-02-29T12:00:00Z, true",
    "2026-02-28T23:59:59.999Z, true",
    "2026-02-29T12:00:00Z, false",
    "1900-02-29T12:00:00Z, false",
    "2026-04-31T12:00:00Z, false",
    "2026-04-30T24:30:00Z, false",
    "2026-04-30, false"
  })
  void aTimeIsToldWhereTheCalendarHasIt(
      String observedAt, boolean isInCalendar, Millrace millrace) {
    // given
    String recordedAt = "2026-05-01T00:00:00Z";

    // when
    OffsetDateTime told =
        millrace
            .owner()
            .inTransaction(handle -> {
              insertSample(handle, observedAt, recordedAt);
              OffsetDateTime found =
                  handle
                      .createQuery("SELECT observed_at FROM health_metrics WHERE project = ?")
                      .bind(0, project)
                      .mapTo(OffsetDateTime.class)
                      .one();
              handle.rollback();
              return found;
            });

    // then
    assertThat(told.toInstant()).isEqualTo(Instant.parse(isInCalendar ? observedAt : recordedAt));
  }

  private void insertSample(Handle handle, String observedAt, String recordedAt) {
    handle.execute(
        """
        INSERT INTO audit.records
               (topic, partition, "offset", "timestamp", event_id, source, trace_id, headers, payload)
        VALUES ('health.metrics', 0, -1, ?::timestamptz, 'e', 's', 't', '{}',
                jsonb_build_object('project', ?, 'observed_at', ?))\
        """,
        recordedAt,
        project,
        observedAt);
  }
}
