package dev.millrace.router.queue;

import dev.millrace.schemas.task.TaskEventType;
import java.time.Instant;
import java.util.List;

/** What happens because time passed. */
final class Clock {

  /** Timers looked at in one tick, so that one tick stays short; the next takes the rest. */
  private static final int MAX_TIMERS = 200;

  private Clock() {}

  static void tick(Turn turn, QueueEvent.Tick tick) {
    List<Timer> due = turn.state().due(turn.now(), MAX_TIMERS);
    for (Timer timer : due) {
      turn.state().disarm(timer);
      switch (timer.kind()) {
        case RETRY -> retry(turn, new TaskId(timer.subject()));
        case DEADLINE -> expire(turn, new TaskId(timer.subject()));
        case FORGET -> forget(turn, new TaskId(timer.subject()));
        case COMMAND -> turn.state().forgetCommand(timer.subject());
        case APPROVAL -> refuse(turn, new TaskId(timer.subject()));
      }
    }
    // A run can be missed only after it had a whole lease to report to this process.
    if (!tick.watchedSince().plus(turn.rules().runLease()).isAfter(turn.now())) {
      turn.state().overdue(turn.now()).forEach(id -> takeBack(turn, id));
    }
  }

  static String deadlinePassed(Instant deadline) {
    return "its deadline, " + deadline + ", has passed";
  }

  private static void retry(Turn turn, TaskId id) {
    turn.state()
        .task(id)
        .filter(task ->
            task.stage() instanceof Stage.Delayed delayed && !delayed.until().isAfter(turn.now()))
        .ifPresent(task ->
            turn.returnToLine(task, TaskEventType.QUEUED, "it is time for the next attempt"));
  }

  private static void expire(Turn turn, TaskId id) {
    Task task = turn.state().task(id).orElse(null);
    if (task == null || task.deadline() == null || task.deadline().isAfter(turn.now())) {
      return;
    }
    String reason = deadlinePassed(task.deadline());
    switch (task.stage()) {
      case Stage.Waiting _, Stage.Delayed _, Stage.Held _, Stage.Asking _ ->
          turn.abandon(task, Stage.Outcome.EXPIRED, reason);
      case Stage.Running running -> {
        if (running.ending() == null) {
          turn.endRun(task, running, new Stage.Ending(Stage.Outcome.EXPIRED, reason));
        }
      }
      case Stage.Finished _ -> {}
    }
  }

  private static void refuse(Turn turn, TaskId id) {
    turn.state()
        .task(id)
        .filter(task ->
            task.stage() instanceof Stage.Asking asking && !asking.until().isAfter(turn.now()))
        .ifPresent(task -> Runs.giveUp(turn, task, "nobody approved in time that it goes on"));
  }

  private static void takeBack(Turn turn, TaskId id) {
    Task task = turn.state().task(id).orElseThrow();
    if (task.stage() instanceof Stage.Running running) {
      Runs.takeBack(turn, task, running);
    }
  }

  private static void forget(Turn turn, TaskId id) {
    turn.state()
        .task(id)
        .filter(task ->
            task.stage() instanceof Stage.Finished finished
                && !finished.forgetAt().isAfter(turn.now()))
        .ifPresent(task -> turn.state().forget(id));
  }
}
