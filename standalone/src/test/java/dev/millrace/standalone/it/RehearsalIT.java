package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.standalone.demo.Rehearsal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The work that the build gives a pipeline, to record the caches of fast starts. */
@ExtendWith(WithMillrace.class)
class RehearsalIT {

  /** One round of each caller. */
  private static final Duration SHORT = Duration.ofMillis(1);

  @Test
  void nothingOfItIsRefusedAndAllKindsOfItAreWritten(Millrace millrace)
      throws InterruptedException {
    // when
    Rehearsal.run(millrace.pipeline(), millrace.credentials(), SHORT);

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        """
                        SELECT DISTINCT topic FROM audit.records
                         WHERE key LIKE '%rehears%' OR payload::text LIKE '%Note 1 of rehearsal-%'
                        """))
                .contains(
                    "document.changes",
                    "github.events",
                    "health.metrics",
                    "learning.intents",
                    "learning.plans",
                    "learning.signals"));
  }
}
