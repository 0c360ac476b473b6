package dev.millrace.gateway.learning;

import dev.millrace.runtime.config.Environment;
import java.time.Duration;

/**
 * How long learners wait for the planner.
 *
 * @param planTimeout for a plan
 * @param timeout for everything else
 */
public record LearningConfig(Duration planTimeout, Duration timeout) {

  /** Longer than the planner waits for signals at most, 30 s. */
  private static final Duration DEFAULT_PLAN_TIMEOUT = Duration.ofSeconds(35);

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  public static LearningConfig from(Environment environment) {
    return new LearningConfig(
        environment.duration("GATEWAY_PLAN_TIMEOUT", DEFAULT_PLAN_TIMEOUT),
        environment.duration("GATEWAY_LEARNING_TIMEOUT", DEFAULT_TIMEOUT));
  }
}
