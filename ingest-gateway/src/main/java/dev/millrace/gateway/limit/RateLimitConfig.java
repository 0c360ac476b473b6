package dev.millrace.gateway.limit;

import dev.millrace.runtime.config.Environment;

/**
 * How often clients may ask.
 *
 * @param perSecond requests a second of one client
 * @param burst requests of one client at once, after a pause
 * @param webhooksPerSecond webhook deliveries a second of all repositories together
 * @param learnerPerSecond requests a second of one learner
 * @param failuresPerSecond refused credentials a second from one address
 */
public record RateLimitConfig(
    int perSecond, int burst, int webhooksPerSecond, int learnerPerSecond, int failuresPerSecond) {

  private static final int DEFAULT_PER_SECOND = 2_000;
  private static final int DEFAULT_WEBHOOKS_PER_SECOND = 50_000;
  private static final int DEFAULT_LEARNER_PER_SECOND = 20;
  private static final int DEFAULT_FAILURES_PER_SECOND = 20;
  private static final int MAX = 10_000_000;

  public static RateLimitConfig from(Environment environment) {
    int perSecond = environment.integer("RATE_LIMIT_PER_SECOND", DEFAULT_PER_SECOND, 1, MAX);
    return new RateLimitConfig(
        perSecond,
        environment.integer("RATE_LIMIT_BURST", Math.min(MAX, 2 * perSecond), 1, MAX),
        environment.integer("RATE_LIMIT_WEBHOOKS_PER_SECOND", DEFAULT_WEBHOOKS_PER_SECOND, 1, MAX),
        environment.integer("RATE_LIMIT_LEARNER_PER_SECOND", DEFAULT_LEARNER_PER_SECOND, 1, MAX),
        environment.integer("RATE_LIMIT_FAILURES_PER_SECOND", DEFAULT_FAILURES_PER_SECOND, 1, MAX));
  }
}
