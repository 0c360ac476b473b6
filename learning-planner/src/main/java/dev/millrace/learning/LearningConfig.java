package dev.millrace.learning;

import dev.millrace.learning.collector.CollectorConfig;
import dev.millrace.learning.learner.LearnerRules;
import dev.millrace.learning.signal.Freshness;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.util.Optional;

/**
 * Configuration of the planner.
 *
 * @param rules what holds for all learners
 * @param collector how signal agents are asked over HTTP; empty when they come from elsewhere
 */
public record LearningConfig(LearnerRules rules, Optional<CollectorConfig> collector) {

  /** Where signals come from elsewhere, most plans that miss one wait in vain. */
  private static final Duration DEFAULT_SIGNAL_WAIT = Duration.ofSeconds(3);

  /** A plan is to be there within 12 s; the rest is for the way through the topics. */
  private static final Duration DEFAULT_AGENT_WAIT = Duration.ofSeconds(11);

  private static final Duration MAX_SIGNAL_WAIT = Duration.ofSeconds(30);
  private static final int DEFAULT_SESSIONS_KEPT = 60;

  public static LearningConfig from(Environment environment) {
    Optional<CollectorConfig> collector = CollectorConfig.from(environment);
    Duration wait =
        environment.duration(
            "LEARNING_SIGNAL_WAIT",
            collector.isPresent() ? DEFAULT_AGENT_WAIT : DEFAULT_SIGNAL_WAIT);
    if (wait.compareTo(MAX_SIGNAL_WAIT) > 0) {
      throw new ConfigurationException(
          "LEARNING_SIGNAL_WAIT",
          "expected at most %ds, found %dms"
              .formatted(MAX_SIGNAL_WAIT.toSeconds(), wait.toMillis()));
    }
    int sessionsKept =
        environment.integer("LEARNING_SESSIONS_KEPT", DEFAULT_SESSIONS_KEPT, 1, 1_000);
    return new LearningConfig(
        new LearnerRules(Freshness.from(environment), wait, collector.isPresent(), sessionsKept),
        collector);
  }
}
