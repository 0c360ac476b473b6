package dev.millrace.health.remedy;

import dev.millrace.health.metric.MetricWatch;
import dev.millrace.health.status.ProjectHealth;

/** How a project is, as the other agents know it. */
public interface Vitals {

  /** What its probes say. */
  ProjectHealth health(String project);

  /** What its metrics say. */
  MetricWatch metrics(String project);
}
