package dev.millrace.health.remedy;

import dev.millrace.runtime.config.Environment;
import java.time.Duration;

/**
 * When an action is executed, and when a person must decide.
 *
 * @param confidenceThreshold confidence above which an action is executed
 * @param cooldown after a repair, for how long the same one is not commanded again
 * @param commandLifetime after how long a command is too late
 * @param runningLimit after how long a repair without an outcome counts as lost
 * @param escalationLifetime for how long a person may decide
 */
public record RemedyRules(
    double confidenceThreshold,
    Duration cooldown,
    Duration commandLifetime,
    Duration runningLimit,
    Duration escalationLifetime) {

  public static RemedyRules from(Environment environment) {
    return new RemedyRules(
        environment.decimal("REMEDIATION_CONFIDENCE_THRESHOLD", 0.70, 0, 1),
        environment.duration("REMEDIATION_COOLDOWN", Duration.ofSeconds(60)),
        environment.duration("REMEDIATION_COMMAND_LIFETIME", Duration.ofMinutes(5)),
        environment.duration("REMEDIATION_RUNNING_LIMIT", Duration.ofMinutes(15)),
        environment.duration("REMEDIATION_ESCALATION_LIFETIME", Duration.ofHours(1)));
  }
}
