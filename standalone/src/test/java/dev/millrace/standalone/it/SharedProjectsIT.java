package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.health.HealthAgentsApp;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two instances of the health agents. */
@ExtendWith(WithMillrace.class)
class SharedProjectsIT {

  private static final int PROJECTS = 12;

  @Test
  void projectsAreProbedByTheInstanceThatHasTheirPartition(Millrace millrace, @TempDir Path state) {
    // given
    String projects =
        IntStream.range(0, PROJECTS)
            .mapToObj(i -> "shared-" + i + ":" + millrace.watched().url() + "/health")
            .collect(Collectors.joining(","));

    // when
    try (AppBeside _ =
        AppBeside.start(
            millrace,
            new HealthAgentsApp(),
            Map.of(
                "PROJECTS",
                projects,
                "PROJECT_METRICS",
                "",
                "HEALTH_CHECK_INTERVAL",
                "200ms",
                "KAFKA_STREAMS_STATE_DIR",
                state.toString()))) {

      // then: some are its own, and those of the other instance, which does not know them, are not
      eventually().until(() -> !probed(millrace).isEmpty());
      eventually()
          .untilAsserted(
              () -> assertThat(partitionsOfProbes(millrace)).isNotEmpty().hasSizeLessThan(4));
    }
  }

  private static List<String> probed(Millrace millrace) {
    return Queries.texts(
        millrace,
        "SELECT DISTINCT key FROM audit.records WHERE topic = 'health.probes'"
            + " AND key LIKE 'shared-%'");
  }

  /** Partitions that the projects of the second instance were probed in lately. */
  private static List<String> partitionsOfProbes(Millrace millrace) {
    return Queries.texts(
        millrace,
        "SELECT DISTINCT partition::text FROM audit.records WHERE topic = 'health.probes'"
            + " AND key LIKE 'shared-%' AND \"timestamp\" > now() - interval '3 seconds'");
  }
}
