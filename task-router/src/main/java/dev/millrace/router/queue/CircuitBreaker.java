package dev.millrace.router.queue;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.circuit.Circuits;
import dev.millrace.router.circuit.Provider;
import dev.millrace.router.queue.QueueEvent.RunResult;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of the provider behind a queue: what the runs of the queue say about it, and
 * whether it lets the next one begin. The provider is the one that the last run named.
 */
final class CircuitBreaker {

  private final Circuits circuits;
  private final Turn turn;

  CircuitBreaker(Circuits circuits, Turn turn) {
    this.circuits = circuits;
    this.turn = turn;
  }

  private Optional<Provider> provider() {
    return Optional.ofNullable(turn.status().provider());
  }

  /** The circuit as it is now; closed while no run has named a provider. */
  Circuit circuit() {
    return provider().map(circuits::of).orElse(Circuit.NEW);
  }

  /** A run says who answers for it. */
  void learn(@Nullable Provider provider) {
    if (provider != null && !provider.equals(turn.status().provider())) {
      provider().ifPresent(left -> change(left, circuit().withoutProbe()));
      turn.become(turn.status().withProvider(provider));
    }
  }

  /** The time has come to try again, if it has. */
  void tick() {
    provider().ifPresent(provider -> change(provider, circuit().at(turn.now())));
  }

  /** Whether one more run may begin. */
  boolean admits() {
    return circuit().admits(turn.status().running(), turn.settings().maxConcurrent());
  }

  void began(RunId run) {
    provider().ifPresent(provider -> change(provider, circuit().began(run.value())));
  }

  /** A run ended: well, because of the provider, or in a way that says nothing about it. */
  void ended(RunId run, RunResult result) {
    provider().ifPresent(provider -> change(provider, after(run, result)));
  }

  private Circuit after(RunId run, RunResult result) {
    Circuit circuit = circuit();
    return switch (result) {
      case RunResult.Done _ -> circuit.succeeded(run.value(), turn.now());
      case RunResult.Failed failed when failed.blamesProvider() ->
          circuit.failed(turn.rules().circuit(), failed.reason(), failed.retryAfter(), turn.now());
      case RunResult.Failed _, RunResult.Asking _, RunResult.Late _, RunResult.Killed _ -> circuit;
    };
  }

  /** A run holds its slot no more, however that came. */
  void left(RunId run) {
    provider().ifPresent(provider -> change(provider, circuit().released(run.value())));
  }

  /** Another part of the router saw the state of a circuit change. */
  void merge(Provider provider, Circuit reported) {
    Circuit known = circuits.of(provider);
    Circuit next = known.newerOf(reported);
    if (!next.equals(known)) {
      circuits.save(provider, next);
    }
  }

  private void change(Provider provider, Circuit next) {
    Circuit before = circuits.of(provider);
    if (next.equals(before)) {
      return;
    }
    circuits.save(provider, next);
    if (!next.changedAt().equals(before.changedAt())) {
      turn.effect(
          new QueueEffect.QueueStep(step(next), reason(provider, next), facts(provider, next)));
      // When to try again is known everywhere; each part of the router has a probe of its own.
      if (next.state() != Circuit.State.HALF_OPEN) {
        turn.effect(new QueueEffect.PublishCircuit(provider, next));
      }
    }
  }

  private static TaskEventType step(Circuit circuit) {
    return switch (circuit.state()) {
      case CLOSED -> TaskEventType.CIRCUIT_CLOSED;
      case OPEN -> TaskEventType.CIRCUIT_OPENED;
      case HALF_OPEN -> TaskEventType.CIRCUIT_HALF_OPENED;
    };
  }

  private static String reason(Provider provider, Circuit circuit) {
    return switch (circuit.state()) {
      case CLOSED -> "the provider " + provider + " answers again";
      case OPEN ->
          "the provider %s is not asked before %s: %s"
              .formatted(provider, circuit.until(), circuit.reason());
      case HALF_OPEN -> "one run tries whether the provider " + provider + " answers again";
    };
  }

  private static Map<String, String> facts(Provider provider, Circuit circuit) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("provider", provider.name());
    facts.put("failures", Integer.toString(circuit.failures()));
    Instant until = circuit.until();
    if (until != null) {
      facts.put("until", until.toString());
    }
    return facts;
  }
}
