package dev.millrace.schemas.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Keeps today's schemas as those of a release. Not part of the build; run it when a release is cut:
 * {@code mvn -pl schemas test -Dtest=ReleaseSnapshot -Dmillrace.release=1.1}.
 */
class ReleaseSnapshot {

  @Test
  void write() throws IOException {
    String version = System.getProperty("millrace.release", "");
    assertThat(version).as("-Dmillrace.release=<major>.<minor>").matches("\\d+\\.\\d+");

    ReleasedSchemas.write(version);

    assertThat(ReleasedSchemas.of(version)).containsOnlyKeys(ReleasedSchemas.today().keySet());
  }
}
