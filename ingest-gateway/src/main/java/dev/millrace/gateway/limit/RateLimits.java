package dev.millrace.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millrace.gateway.http.ProblemException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;

/** A token bucket for each client, each learner, and each address that fails to say who it is. */
public final class RateLimits {

  private static final int MAX_CLIENTS = 100_000;
  private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

  private final RateLimitConfig config;
  private final Cache<String, Bucket> clients = cache();
  private final Cache<String, Bucket> learners = cache();
  private final Cache<String, Bucket> failures = cache();
  private final Bucket webhooks;

  public RateLimits(RateLimitConfig config) {
    this.config = config;
    this.webhooks = bucket(config.webhooksPerSecond(), 2 * config.webhooksPerSecond());
  }

  /**
   * Takes a request from the allowance of a client.
   *
   * @throws ProblemException 429 if it is used up
   */
  public void take(String client) {
    take(clients, client, config.perSecond(), config.burst());
  }

  /** Takes a delivery from the allowance of all webhooks. */
  public void takeForWebhook() {
    take(webhooks, config.webhooksPerSecond());
  }

  /** Takes a request from the allowance of a learner. */
  public void takeForLearner(String userId) {
    take(learners, userId, config.learnerPerSecond(), 2 * config.learnerPerSecond());
  }

  /** Takes a failure from the allowance of an address. */
  public void takeForFailure(String address) {
    take(failures, address, config.failuresPerSecond(), 2 * config.failuresPerSecond());
  }

  private static void take(Cache<String, Bucket> buckets, String name, int perSecond, int burst) {
    take(buckets.get(name, _ -> bucket(perSecond, burst)), perSecond);
  }

  private static void take(Bucket bucket, int perSecond) {
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      throw ProblemException.tooManyRequests(
          "expected at most " + perSecond + " requests a second",
          Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
  }

  private static Bucket bucket(int perSecond, int burst) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
        .build();
  }

  private static Cache<String, Bucket> cache() {
    return Caffeine.newBuilder().maximumSize(MAX_CLIENTS).expireAfterAccess(FORGET_AFTER).build();
  }
}
