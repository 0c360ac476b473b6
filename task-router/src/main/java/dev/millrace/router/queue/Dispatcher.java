package dev.millrace.router.queue;

import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Gives free slots to waiting tasks: the only place where a run begins. */
final class Dispatcher {

  /** Runs that begin in one turn, so that one transaction stays small; the next tick goes on. */
  private static final int MAX_PER_TURN = 256;

  private Dispatcher() {}

  static void dispatch(Turn turn) {
    if (!turn.rules().dispatching() || turn.status().isPaused()) {
      return;
    }
    for (int begun = 0; begun < MAX_PER_TURN && hasFreeSlot(turn); begun++) {
      Optional<QueueState.Waiter> next = next(turn);
      if (next.isEmpty()) {
        return;
      }
      begin(turn, next.get());
    }
  }

  private static boolean hasFreeSlot(Turn turn) {
    return turn.status().running() < turn.settings().maxConcurrent();
  }

  /** The heads of the four lines compete; inside a line nobody overtakes. */
  private static Optional<QueueState.Waiter> next(Turn turn) {
    Comparator<Place> serving = Place.serving(turn.settings().ageing(), turn.now());
    return Stream.of(Priority.values())
        .flatMap(priority -> turn.state().waiting(priority, 1).stream())
        .min(Comparator.comparing(QueueState.Waiter::place, serving));
  }

  private static void begin(Turn turn, QueueState.Waiter next) {
    Task waiting =
        turn.state()
            .task(next.task())
            .filter(task -> task.stage() instanceof Stage.Waiting)
            .orElseThrow(() ->
                new IllegalStateException(
                    "task " + next.task() + " stands in the line but does not wait"));
    Instant leaseUntil = turn.now().plus(turn.rules().startTimeout());
    Task running = turn.move(waiting, waiting.dispatched(leaseUntil));
    if (turn.status().running() > turn.settings().maxConcurrent()) {
      throw new IllegalStateException(
          "%d tasks would run where at most %d may"
              .formatted(turn.status().running(), turn.settings().maxConcurrent()));
    }
    RunId run = RunId.of(running.id(), running.attempt());
    turn.step(TaskEventType.DISPATCHED, running, null);
    turn.effect(new QueueEffect.Dispatch(running, turn.state().request(running.id()), run));
  }
}
