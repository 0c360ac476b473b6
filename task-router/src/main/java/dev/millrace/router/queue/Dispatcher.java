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
    for (int begun = 0;
        begun < MAX_PER_TURN && hasFreeSlot(turn) && turn.circuitBreaker().admits();
        begun++) {
      Optional<Task> next = next(turn);
      if (next.isEmpty()) {
        return;
      }
      begin(turn, next.get());
    }
    Fallback.move(turn);
  }

  private static boolean hasFreeSlot(Turn turn) {
    return turn.status().running() < turn.settings().maxConcurrent();
  }

  /** The task whose turn it is: the heads of the four lines compete. */
  static Optional<Task> next(Turn turn) {
    Comparator<Place> serving = Place.serving(turn.settings().ageing(), turn.now());
    return Stream.of(Priority.values())
        .flatMap(priority -> turn.state().waiting(priority, 1).stream())
        .min(Comparator.comparing(QueueState.Waiter::place, serving))
        .map(next -> waiting(turn, next.task()));
  }

  private static Task waiting(Turn turn, TaskId id) {
    return turn.state()
        .task(id)
        .filter(task -> task.stage() instanceof Stage.Waiting)
        .orElseThrow(() ->
            new IllegalStateException("task " + id + " stands in the line but does not wait"));
  }

  private static void begin(Turn turn, Task waiting) {
    Instant leaseUntil = turn.now().plus(turn.rules().startTimeout());
    Task running = turn.move(waiting, waiting.dispatched(leaseUntil));
    if (turn.status().running() > turn.settings().maxConcurrent()) {
      throw new IllegalStateException(
          "%d tasks would run where at most %d may"
              .formatted(turn.status().running(), turn.settings().maxConcurrent()));
    }
    RunId run = RunId.of(running.id(), running.attempt());
    turn.circuitBreaker().began(run);
    turn.step(TaskEventType.DISPATCHED, running, null);
    turn.effect(new QueueEffect.Dispatch(running, turn.state().request(running.id()), run));
  }
}
