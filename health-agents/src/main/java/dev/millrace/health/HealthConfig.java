package dev.millrace.health;

import dev.millrace.health.analyst.AnalystConfig;
import dev.millrace.health.metric.MetricRules;
import dev.millrace.health.probe.ProbeConfig;
import dev.millrace.health.remedy.RemedyRules;
import dev.millrace.health.scrape.ScrapeConfig;
import dev.millrace.health.status.HealthRules;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.util.Optional;

/**
 * Configuration of the health agents.
 *
 * @param probing how projects are looked at
 * @param health when a project counts as what
 * @param scraping how the metrics of projects are read
 * @param metrics which samples are an anomaly
 * @param remedies when an action is executed
 * @param analyst the model that looks at anomalies; without one, the rules decide alone
 */
public record HealthConfig(
    ProbeConfig probing,
    HealthRules health,
    ScrapeConfig scraping,
    MetricRules metrics,
    RemedyRules remedies,
    Optional<AnalystConfig> analyst) {

  /** So many intervals without a probe, and nothing is known of a project. */
  private static final int SILENT_INTERVALS = 5;

  public static HealthConfig from(Environment environment) {
    ProbeConfig probing = ProbeConfig.from(environment);
    HealthRules health =
        new HealthRules(
            environment.integer("HEALTH_DOWN_AFTER", 2, 1, 5),
            environment.integer("HEALTH_HEALTHY_AFTER", 2, 1, 5),
            environment.duration("HEALTH_DEGRADED_THRESHOLD", Duration.ofSeconds(1)),
            environment.duration("HEALTH_REMINDER_INTERVAL", Duration.ofSeconds(60)),
            probing.interval().multipliedBy(SILENT_INTERVALS).plus(probing.timeout()));
    MetricRules metrics = MetricRules.from(environment);
    return new HealthConfig(
        probing,
        health,
        ScrapeConfig.from(environment, probing.timeout(), metrics.thresholds().keySet()),
        metrics,
        RemedyRules.from(environment),
        AnalystConfig.from(environment));
  }
}
