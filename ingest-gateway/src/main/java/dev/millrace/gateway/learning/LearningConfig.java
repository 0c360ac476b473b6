package dev.millrace.gateway.learning;

import dev.millrace.runtime.config.Environment;
import java.time.Duration;

/**
 * How long learners wait for the planner.
 *
 * @param planPatience for a plan
 * @param patience for everything else
 */
public record LearningConfig(Duration planPatience, Duration patience) {

  /** Longer than the planner waits for signals at most, 30 s. */
  private static final Duration DEFAULT_PLAN_PATIENCE = Duration.ofSeconds(35);

  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(5);

  public static LearningConfig from(Environment environment) {
    return new LearningConfig(
        environment.duration("GATEWAY_PLAN_TIMEOUT", DEFAULT_PLAN_PATIENCE),
        environment.duration("GATEWAY_LEARNING_TIMEOUT", DEFAULT_PATIENCE));
  }
}
