package dev.millrace.health.scrape;

import dev.millrace.health.project.Project;
import dev.millrace.runtime.config.ByteSizes;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How the metrics of projects are read.
 *
 * @param projects projects that expose metrics, with the addresses where they do
 * @param memoryLimits bytes of memory that a project may use, by project
 * @param interval how often
 * @param timeout after which there is no answer
 * @param named metrics that have a threshold
 */
public record ScrapeConfig(
    List<Project> projects,
    Map<String, Long> memoryLimits,
    Duration interval,
    Duration timeout,
    Set<String> named) {

  private static final String PROJECTS = "PROJECT_METRICS";
  private static final String LIMITS = "PROJECT_MEMORY_LIMITS";
  private static final String INTERVAL = "HEALTH_METRICS_INTERVAL";

  public ScrapeConfig {
    projects = List.copyOf(projects);
    memoryLimits = Map.copyOf(memoryLimits);
    named = Set.copyOf(named);
  }

  /**
   * Reads the configuration.
   *
   * @param timeout after which a project gives no answer
   * @param named metrics that have a threshold
   */
  public static ScrapeConfig from(Environment environment, Duration timeout, Set<String> named) {
    Duration interval = environment.duration(INTERVAL, Duration.ofSeconds(30));
    if (interval.compareTo(Duration.ofMillis(100)) < 0) {
      throw new ConfigurationException(INTERVAL, "expected 100ms or more");
    }
    Map<String, Long> limits = new HashMap<>();
    environment
        .pairs(LIMITS, Map.of())
        .forEach((project, size) -> limits.put(project, bytes(project, size)));
    return new ScrapeConfig(
        Project.listedIn(PROJECTS, environment), limits, interval, timeout, named);
  }

  private static long bytes(String project, String size) {
    return ByteSizes.parse(size).stream()
        .filter(bytes -> bytes > 0)
        .findFirst()
        .orElseThrow(() ->
            new ConfigurationException(
                LIMITS,
                "expected a size such as 512MB for %s, found '%s'".formatted(project, size)));
  }

  OptionalLong memoryLimit(String project) {
    Long limit = memoryLimits.get(project);
    return limit == null ? OptionalLong.empty() : OptionalLong.of(limit);
  }
}
