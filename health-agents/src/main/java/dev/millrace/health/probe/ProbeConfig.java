package dev.millrace.health.probe;

import dev.millrace.health.project.Project;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.util.List;

/**
 * How projects are looked at.
 *
 * @param projects which
 * @param interval how often
 * @param timeout after which there is no answer
 */
public record ProbeConfig(List<Project> projects, Duration interval, Duration timeout) {

  public ProbeConfig {
    projects = List.copyOf(projects);
  }

  public static ProbeConfig from(Environment environment) {
    Duration interval = environment.duration("HEALTH_CHECK_INTERVAL", Duration.ofSeconds(10));
    if (interval.compareTo(Duration.ofMillis(100)) < 0) {
      throw new ConfigurationException("HEALTH_CHECK_INTERVAL", "expected 100ms or more");
    }
    Duration timeout = environment.duration("HEALTH_CHECK_TIMEOUT", Duration.ofSeconds(5));
    if (!timeout.isPositive()) {
      throw new ConfigurationException("HEALTH_CHECK_TIMEOUT", "expected more than 0s");
    }
    return new ProbeConfig(Project.from(environment), interval, timeout);
  }
}
