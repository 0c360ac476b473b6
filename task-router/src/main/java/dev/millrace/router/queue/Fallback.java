package dev.millrace.router.queue;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.schemas.task.TaskEventType;
import java.util.Optional;

/**
 * Hands tasks to another agent while the provider of their own is not asked: as many at a time as
 * would run, in their order. A task is handed on once.
 */
final class Fallback {

  private Fallback() {}

  static void move(Turn turn) {
    String agent = turn.rules().fallback();
    if (agent == null || turn.circuitBreaker().circuit().state() != Circuit.State.OPEN) {
      return;
    }
    int atOnce = turn.settings().maxConcurrent() - turn.status().running();
    for (int moved = 0; moved < atOnce; moved++) {
      Optional<Task> next = Dispatcher.next(turn).filter(task -> !task.moved());
      if (next.isEmpty()) {
        return;
      }
      move(turn, next.get(), agent);
    }
  }

  private static void move(Turn turn, Task task, String agent) {
    var request = turn.state().request(task.id());
    Task gone = turn.finish(task, Stage.Outcome.MOVED);
    turn.state().forgetRequest(task.id());
    turn.step(
        TaskEventType.MOVED,
        gone,
        "moved to the agent %s: %s".formatted(agent, turn.circuitBreaker().circuit().reason()));
    turn.effect(new QueueEffect.Move(gone, request, agent));
  }
}
