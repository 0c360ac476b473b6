package dev.millrace.router.topology;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.circuit.CircuitRules;
import dev.millrace.router.circuit.Provider;
import dev.millrace.router.queue.QueueEvent;
import dev.millrace.schemas.agent.ProviderStatus;
import java.time.Instant;

/** What an event about a provider means to the queues: nothing, if a newer release wrote it. */
final class ProviderStatusEvents {

  private ProviderStatusEvents() {}

  static QueueEvent of(ProviderStatus status, Instant now) {
    Instant changedAt = status.getChangedAt();
    Instant until = until(status, now);
    int reopened = Math.max(0, status.getReopened());
    Circuit circuit =
        switch (status.getState()) {
          case OPEN -> Circuit.open(reopened, until, status.getReason(), changedAt);
          case CLOSED -> Circuit.closed(changedAt);
          case UNKNOWN -> Circuit.NEW;
        };
    return new QueueEvent.CircuitChanged(new Provider(status.getProvider()), circuit);
  }

  private static Instant until(ProviderStatus status, Instant now) {
    Instant until = status.getUntil() == null ? status.getChangedAt() : status.getUntil();
    Instant latest = now.plus(CircuitRules.MAX_RETRY_AFTER);
    return until.isAfter(latest) ? latest : until;
  }
}
