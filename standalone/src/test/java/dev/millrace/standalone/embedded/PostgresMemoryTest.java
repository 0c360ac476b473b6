package dev.millrace.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresMemoryTest {

  @ParameterizedTest
  @CsvSource({"0, 256MB", "1, 256MB", "4, 512MB", "16, 2048MB", "64, 2048MB"})
  void buffersAreAnEighthOfTheMemoryWithinLimits(long gigabytes, String buffers) {
    PostgresMemory memory = PostgresMemory.of(gigabytes << 30);

    assertThat(PostgresMemory.megabytes(memory.sharedBuffers())).isEqualTo(buffers);
    assertThat(memory.effectiveCache()).isEqualTo(2 * memory.sharedBuffers());
  }
}
