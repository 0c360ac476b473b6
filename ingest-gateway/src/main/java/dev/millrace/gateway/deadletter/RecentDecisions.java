package dev.millrace.gateway.deadletter;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.millrace.schemas.deadletter.DeadLetterAction;
import java.time.Duration;
import java.util.Optional;

/**
 * Decisions of a moment ago, which the read model may not have yet: each letter is decided once.
 */
final class RecentDecisions {

  private static final int MAX_LETTERS = 50_000;
  private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

  private final Cache<String, DeadLetterAction> decided =
      Caffeine.newBuilder().maximumSize(MAX_LETTERS).expireAfterWrite(FORGET_AFTER).build();

  /** Decides about a letter, unless that was done: then what was decided. */
  Optional<DeadLetterAction> decide(String letterId, DeadLetterAction action) {
    return Optional.ofNullable(decided.asMap().putIfAbsent(letterId, action));
  }

  /** Forgets a decision that did not get on record. */
  void takeBack(String letterId) {
    decided.invalidate(letterId);
  }
}
