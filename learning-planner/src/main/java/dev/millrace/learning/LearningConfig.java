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

  private static final Duration DEFAULT_SIGNAL_WAIT = Duration.ofSeconds(3);
  private static final Duration MAX_SIGNAL_WAIT = Duration.ofSeconds(15);
  private static final int DEFAULT_SESSIONS_KEPT = 60;

  public static LearningConfig from(Environment environment) {
    Duration wait = environment.duration("LEARNING_SIGNAL_WAIT", DEFAULT_SIGNAL_WAIT);
    if (wait.compareTo(MAX_SIGNAL_WAIT) > 0) {
      throw new ConfigurationException(
          "LEARNING_SIGNAL_WAIT", "expected at most 15s, found " + wait.toMillis() + "ms");
    }
    int sessionsKept =
        environment.integer("LEARNING_SESSIONS_KEPT", DEFAULT_SESSIONS_KEPT, 1, 1_000);
    return new LearningConfig(
        new LearnerRules(Freshness.from(environment), wait, sessionsKept),
        CollectorConfig.from(environment));
  }
}
