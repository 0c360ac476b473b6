package dev.millrace.health.scrape;

import dev.millrace.health.scrape.Exposition.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the usual client libraries expose, as the metrics that have thresholds:
 *
 * <table>
 * <caption>The first row of a metric that a project exposes is taken</caption>
 * <tr><th>metric</th><th>series</th><th>exposed by</th></tr>
 * <tr><td>any</td><td>one of the same name</td><td>the project itself</td></tr>
 * <tr><td>{@code cpu_percent}</td><td>{@code process_cpu_usage}</td><td>Micrometer</td></tr>
 * <tr><td></td><td>rate of {@code process_cpu_seconds_total}, by {@code
 * go_sched_gomaxprocs_threads} or {@code system_cpu_count} processors, or by one</td>
 * <td>Prometheus clients for Go, Java, Node.js, Python and others</td></tr>
 * <tr><td>{@code memory_percent}</td><td>{@code process_resident_memory_bytes} of the configured
 * limit</td><td>the same</td></tr>
 * <tr><td></td><td>{@code jvm_memory_used_bytes} of {@code jvm_memory_max_bytes}, of the heap</td>
 * <td>Micrometer, Prometheus for Java</td></tr>
 * <tr><td>{@code error_rate_percent}</td><td>share of 5xx in the growth of {@code
 * http_server_requests_seconds_count}, {@code http_server_request_duration_seconds_count}, {@code
 * http_request_duration_seconds_count} or {@code http_requests_total}</td>
 * <td>Micrometer, OpenTelemetry, Prometheus clients</td></tr>
 * </table>
 *
 * <p>A counter says something only with an earlier value of it, and nothing when its process has
 * started anew between. Errors are compared over at least {@link #MIN_REQUESTS} requests, however
 * long that takes: one failed request of one is no error rate.
 */
final class KnownSeries {

  static final String CPU = "cpu_percent";
  static final String MEMORY = "memory_percent";
  static final String ERRORS = "error_rate_percent";

  static final int MIN_REQUESTS = 10;

  /** Series of one name that are taken from one scrape, for all names together. */
  private static final int MAX_NAMED = 64;

  private static final double PERCENT = 100;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final List<String> REQUEST_COUNTERS =
      List.of(
          "http_server_requests_seconds_count",
          "http_server_request_duration_seconds_count",
          "http_request_duration_seconds_count",
          "http_requests_total");
  private static final List<String> STATUS_LABELS =
      List.of("code", "status", "status_code", "http_response_status_code");
  private static final List<String> PROCESSORS =
      List.of("go_sched_gomaxprocs_threads", "system_cpu_count");
  private static final Predicate<Series> HEAP =
      series -> "heap".equals(series.labels().get("area"));

  private final Set<String> named;
  private final OptionalLong memoryLimit;

  /**
   * Counters of an earlier scrape.
   *
   * @param cpu CPU time
   * @param requests requests
   */
  record Earlier(@Nullable CpuTime cpu, @Nullable Requests requests) {

    static final Earlier NOTHING = new Earlier(null, null);
  }

  /**
   * CPU time used.
   *
   * @param at when it was read, in the nanoseconds of a clock that only goes forward
   */
  record CpuTime(double seconds, long at) {}

  /** Requests answered, and those among them that failed on the server's side. */
  record Requests(double all, double failed) {}

  /** What a scrape says, and what the next one is compared with. */
  record Reading(List<Sample> samples, Earlier next) {}

  /**
   * @param named metrics that have a threshold; series of these names are taken as they are
   * @param memoryLimit bytes of memory that the project may use, where that is known
   */
  KnownSeries(Set<String> named, OptionalLong memoryLimit) {
    this.named = Set.copyOf(named);
    this.memoryLimit = memoryLimit;
  }

  /**
   * Reads a scrape.
   *
   * @param nanos when, by the clock of {@link CpuTime}
   */
  Reading read(List<Series> scraped, Earlier earlier, long nanos) {
    List<Sample> samples = new ArrayList<>();
    scraped.stream()
        .filter(series -> named.contains(series.name()) && Double.isFinite(series.value()))
        .limit(MAX_NAMED)
        .forEach(series ->
            samples.add(new Sample(series.name(), series.value(), null, series.labels(), null)));
    Set<String> had = Set.copyOf(samples.stream().map(Sample::name).distinct().toList());
    CpuTime cpu =
        value(scraped, "process_cpu_seconds_total")
            .map(seconds -> new CpuTime(seconds, nanos))
            .orElse(null);
    if (!had.contains(CPU)) {
      cpuPercent(scraped, earlier.cpu(), cpu)
          .ifPresent(percent -> samples.add(Sample.percent(CPU, percent)));
    }
    if (!had.contains(MEMORY)) {
      memoryPercent(scraped).ifPresent(percent -> samples.add(Sample.percent(MEMORY, percent)));
    }
    Requests requests = requests(scraped);
    OptionalDouble errors = errorPercent(earlier.requests(), requests);
    if (!had.contains(ERRORS)) {
      errors.ifPresent(percent -> samples.add(Sample.percent(ERRORS, percent)));
    }
    return new Reading(samples, new Earlier(cpu, baseline(earlier.requests(), requests, errors)));
  }

  private static OptionalDouble cpuPercent(
      List<Series> scraped, @Nullable CpuTime before, @Nullable CpuTime now) {
    // Where the platform cannot tell, it is -1.
    Optional<Double> usage = value(scraped, "process_cpu_usage").filter(share -> share >= 0);
    if (usage.isPresent()) {
      return OptionalDouble.of(usage.get() * PERCENT);
    }
    if (before == null || now == null || now.seconds() < before.seconds()) {
      return OptionalDouble.empty();
    }
    double elapsed = (now.at() - before.at()) / NANOS_PER_SECOND;
    double processors =
        PROCESSORS.stream()
            .flatMap(name -> value(scraped, name).stream())
            .findFirst()
            .filter(count -> count >= 1)
            .orElse(1.0);
    return elapsed <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((now.seconds() - before.seconds()) / elapsed / processors * PERCENT);
  }

  private OptionalDouble memoryPercent(List<Series> scraped) {
    Optional<Double> resident = value(scraped, "process_resident_memory_bytes");
    if (resident.isPresent() && memoryLimit.isPresent()) {
      return OptionalDouble.of(resident.get() / memoryLimit.getAsLong() * PERCENT);
    }
    double used = sum(scraped, "jvm_memory_used_bytes", HEAP);
    // A pool without a limit of its own says -1.
    double max = sum(scraped, "jvm_memory_max_bytes", HEAP.and(series -> series.value() > 0));
    return max > 0 && used > 0 ? OptionalDouble.of(used / max * PERCENT) : OptionalDouble.empty();
  }

  private static @Nullable Requests requests(List<Series> scraped) {
    for (String name : REQUEST_COUNTERS) {
      if (scraped.stream().anyMatch(series -> series.name().equals(name))) {
        return new Requests(
            sum(scraped, name, series -> status(series).isPresent()),
            sum(
                scraped,
                name,
                series -> status(series).filter(s -> s.startsWith("5")).isPresent()));
      }
    }
    return null;
  }

  private static Optional<String> status(Series series) {
    Map<String, String> labels = series.labels();
    return STATUS_LABELS.stream()
        .filter(labels::containsKey)
        .map(label -> labels.getOrDefault(label, ""))
        .findFirst();
  }

  private static OptionalDouble errorPercent(@Nullable Requests before, @Nullable Requests now) {
    if (before == null || now == null || isReset(before, now)) {
      return OptionalDouble.empty();
    }
    double all = now.all() - before.all();
    return all < MIN_REQUESTS
        ? OptionalDouble.empty()
        : OptionalDouble.of((now.failed() - before.failed()) / all * PERCENT);
  }

  /** What the requests of the next scrape are compared with: enough of them must come between. */
  private static @Nullable Requests baseline(
      @Nullable Requests before, @Nullable Requests now, OptionalDouble said) {
    boolean goesOn = before != null && now != null && !isReset(before, now) && said.isEmpty();
    return goesOn ? before : now;
  }

  private static boolean isReset(Requests before, Requests now) {
    return now.all() < before.all() || now.failed() < before.failed();
  }

  /** The value of the only series of a name. */
  private static Optional<Double> value(List<Series> scraped, String name) {
    return scraped.stream()
        .filter(series -> series.name().equals(name) && Double.isFinite(series.value()))
        .map(Series::value)
        .findFirst();
  }

  private static double sum(List<Series> scraped, String name, Predicate<Series> which) {
    return scraped.stream()
        .filter(series -> series.name().equals(name) && Double.isFinite(series.value()))
        .filter(which)
        .mapToDouble(Series::value)
        .sum();
  }
}
