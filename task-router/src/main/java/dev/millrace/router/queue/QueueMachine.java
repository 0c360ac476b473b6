package dev.millrace.router.queue;

import dev.millrace.router.circuit.Circuits;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The queue: takes one event at a time, changes its state and says what is to be done. It reads no
 * clock and touches nothing else, so the same history always leads to the same effects.
 *
 * <p>Whatever happens, the tasks that run never become more than {@code max_concurrent}: a task
 * starts only in {@link Dispatcher}, and its slot is free again only when its own run has ended, or
 * was taken back.
 */
public final class QueueMachine {

  private final QueueName queue;
  private final QueueRules rules;
  private final Circuits circuits;

  /**
   * @param circuits the circuits of providers, which it shares with the queues beside it
   */
  public QueueMachine(QueueName queue, QueueRules rules, Circuits circuits) {
    this.queue = queue;
    this.rules = rules;
    this.circuits = circuits;
  }

  /** Every setting of a queue in this state by its name, as text. */
  public Map<String, String> settings(QueueStatus status) {
    return Commands.current(rules.defaults().overriddenBy(status.overrides()), status);
  }

  /** Tasks that may wait in a queue in this state, at most. */
  public int capacity(QueueStatus status) {
    return rules.defaults().overriddenBy(status.overrides()).capacity();
  }

  /** Takes in an event and returns what is to be done, in order. */
  public List<QueueEffect> apply(QueueState state, QueueEvent event, Instant now) {
    Turn turn = new Turn(state, rules, circuits, now);
    switch (event) {
      case QueueEvent.TaskRequested requested -> Requests.take(turn, requested);
      case QueueEvent.RunStarted started -> Runs.started(turn, started);
      case QueueEvent.RunHeartbeat heartbeat -> Runs.alive(turn, heartbeat);
      case QueueEvent.RunFinished finished -> Runs.finished(turn, finished);
      case QueueEvent.CircuitChanged changed ->
          turn.circuitBreaker().merge(changed.provider(), changed.circuit());
      case QueueEvent.CommandReceived received -> Commands.obey(turn, queue, received);
      case QueueEvent.Tick tick -> Clock.tick(turn, tick);
    }
    turn.circuitBreaker().tick();
    if (Sweeper.isDone(turn)) {
      Dispatcher.dispatch(turn);
    }
    return turn.end();
  }
}
