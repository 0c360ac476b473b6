package dev.millrace.remediation.execution;

import dev.millrace.runtime.config.Environment;
import java.time.Duration;

/**
 * How much may be done.
 *
 * @param cooldown between two runs of one action for one project
 * @param actionsPerHour actions of any kind for one project in an hour
 * @param lockWait how long a command waits while another runs for its project
 * @param lockInterval how often it looks
 */
public record Limits(
    Duration cooldown, int actionsPerHour, Duration lockWait, Duration lockInterval) {

  public static Limits from(Environment environment) {
    return new Limits(
        environment.duration("REMEDIATION_COOLDOWN", Duration.ofSeconds(60)),
        environment.integer("REMEDIATION_ACTIONS_PER_HOUR", 10, 1, 10_000),
        environment.duration("REMEDIATION_LOCK_WAIT", Duration.ofMinutes(2)),
        Duration.ofMillis(250));
  }
}
