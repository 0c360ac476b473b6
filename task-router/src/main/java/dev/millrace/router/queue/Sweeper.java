package dev.millrace.router.queue;

import dev.millrace.schemas.task.Priority;

/** Cancels everything that waits, a part at a time, so that no event takes long. */
final class Sweeper {

  private static final int MAX_PER_TURN = 200;

  private Sweeper() {}

  static void start(Turn turn, String reason) {
    long upTo = turn.status().issued() * Place.GAP;
    turn.become(turn.status().withSweep(new QueueStatus.Sweep(upTo, true, reason)));
  }

  /** Goes on; true when nothing that is to be cancelled is left in the line. */
  static boolean isDone(Turn turn) {
    QueueStatus.Sweep sweep = turn.status().sweep();
    if (!sweep.active()) {
      return true;
    }
    int left = MAX_PER_TURN;
    for (Priority priority : Priority.values()) {
      for (QueueState.Waiter waiter : turn.state().waitingUpTo(priority, sweep.upTo(), left)) {
        Task task = turn.state().task(waiter.task()).orElseThrow();
        turn.abandon(task, Stage.Outcome.CANCELLED, String.valueOf(sweep.reason()));
        left--;
      }
      if (left == 0) {
        return false;
      }
    }
    turn.become(
        turn.status().withSweep(new QueueStatus.Sweep(sweep.upTo(), false, sweep.reason())));
    return true;
  }
}
