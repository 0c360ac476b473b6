package dev.millrace.health.status;

import java.time.Duration;

/**
 * When a project counts as what.
 *
 * @param downAfter failed probes in a row after which it is down
 * @param healthyAfter good probes in a row after which it is healthy again
 * @param slow response time above which a probe is not good
 * @param reminder how often a project that stays down is found down again
 * @param silence after how long without a probe nothing is known
 */
public record HealthRules(
    int downAfter, int healthyAfter, Duration slow, Duration reminder, Duration silence) {}
