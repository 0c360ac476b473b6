package dev.millrace.health.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.health.scrape.KnownSeries.Earlier;
import dev.millrace.health.scrape.KnownSeries.Reading;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownSeriesTest {

  private static final long SECOND = 1_000_000_000L;

  private final KnownSeries known =
      new KnownSeries(Set.of("cpu_percent", "queue_depth"), OptionalLong.of(200));

  @Test
  void cpuTimeIsARateBetweenTwoScrapes() throws Exception {
    // given
    Reading first = read("process_cpu_seconds_total 10", Earlier.NOTHING, 0);

    // when
    Reading second = read("process_cpu_seconds_total 19.5", first.next(), 10 * SECOND);

    // then
    assertThat(first.samples()).isEmpty();
    assertThat(texts(second)).containsExactly("cpu_percent 95.0");
  }

  @Test
  void cpuTimeOfSeveralProcessorsIsAShareOfAllOfThem() throws Exception {
    // given
    Reading first = read("process_cpu_seconds_total 0", Earlier.NOTHING, 0);

    // when
    Reading second =
        read(
            "process_cpu_seconds_total 20\ngo_sched_gomaxprocs_threads 4",
            first.next(),
            10 * SECOND);

    // then
    assertThat(texts(second)).containsExactly("cpu_percent 50.0");
  }

  @Test
  void aUsageThatThePlatformCannotTellIsNoUsage() throws Exception {
    // given
    Reading first = read("process_cpu_usage -1\nprocess_cpu_seconds_total 10", Earlier.NOTHING, 0);

    // when
    Reading second =
        read("process_cpu_usage -1\nprocess_cpu_seconds_total 15", first.next(), 10 * SECOND);

    // then
    assertThat(first.samples()).isEmpty();
    assertThat(texts(second)).containsExactly("cpu_percent 50.0");
  }

  @Test
  void aProcessThatBeganAnewSaysNothingAboutBetween() throws Exception {
    // given
    String before = "process_cpu_seconds_total 100\nhttp_requests_total{code=\"500\"} 100";
    String after = "process_cpu_seconds_total 1\nhttp_requests_total{code=\"500\"} 50";
    Reading first = read(before, Earlier.NOTHING, 0);

    // when
    Reading second = read(after, first.next(), 10 * SECOND);

    // then
    assertThat(second.samples()).isEmpty();
  }

  @Test
  void memoryIsAShareOfTheConfiguredLimit() throws Exception {
    // when
    Reading reading = read("process_resident_memory_bytes 190", Earlier.NOTHING, 0);

    // then
    assertThat(texts(reading)).containsExactly("memory_percent 95.0");
  }

  @Test
  void memoryOfAJvmIsThatOfItsHeap() throws Exception {
    // when
    Reading reading =
        read(
            """
            jvm_memory_used_bytes{area="heap",id="eden"} 20
            jvm_memory_used_bytes{area="heap",id="old"} 60
            jvm_memory_used_bytes{area="nonheap",id="code"} 500
            jvm_memory_max_bytes{area="heap",id="eden"} -1
            jvm_memory_max_bytes{area="heap",id="old"} 100
            """,
            Earlier.NOTHING,
            0);

    // then
    assertThat(texts(reading)).containsExactly("memory_percent 80.0");
  }

  @Test
  void errorsAreTheShareOfFailedRequestsAmongEnoughNewOnes() throws Exception {
    // given
    Reading first = read(requests(100, 0), Earlier.NOTHING, 0);
    Reading few = read(requests(104, 4), first.next(), 10 * SECOND);

    // when
    Reading enough = read(requests(112, 8), few.next(), 20 * SECOND);

    // then
    assertThat(few.samples()).isEmpty();
    assertThat(texts(enough)).containsExactly("error_rate_percent 40.0");
  }

  @Test
  void aSeriesWithTheNameOfAThresholdIsTakenAsItIs() throws Exception {
    // when
    Reading reading =
        read(
            "cpu_percent 12\nprocess_cpu_usage 0.9\nqueue_depth{queue=\"a\"} 7\nother 1",
            Earlier.NOTHING,
            0);

    // then
    assertThat(texts(reading)).containsExactly("cpu_percent 12.0", "queue_depth{queue=a} 7.0");
  }

  private Reading read(String text, Earlier earlier, long nanos) throws ScrapeException {
    return known.read(Exposition.parse(text), earlier, nanos);
  }

  /** Requests of which so many were answered well, besides some that failed. */
  private static String requests(int well, int failed) {
    return """
    http_requests_total{code="200"} %d
    http_requests_total{code="503"} %d
    """
        .formatted(well, failed);
  }

  private static List<String> texts(Reading reading) {
    return reading.samples().stream()
        .map(sample ->
            String.format(
                Locale.ROOT,
                "%s%s %.1f",
                sample.name(),
                sample.labels().isEmpty() ? "" : sample.labels(),
                sample.value()))
        .toList();
  }
}
