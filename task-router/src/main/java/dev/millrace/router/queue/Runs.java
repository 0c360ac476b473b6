package dev.millrace.router.queue;

import dev.millrace.router.queue.QueueEvent.RunResult;
import dev.millrace.router.queue.QueueStatus.Pause;
import dev.millrace.runtime.config.Durations;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What agents report about their runs. Only the run that holds the slot of its task counts: a late
 * or repeated report of another changes nothing, and one that begins is told to end.
 */
final class Runs {

  private Runs() {}

  static void started(Turn turn, QueueEvent.RunStarted event) {
    turn.holder(event.task(), event.run())
        .ifPresentOrElse(task -> begin(turn, task, event), () -> endStale(turn, event));
  }

  private static void begin(Turn turn, Task task, QueueEvent.RunStarted event) {
    turn.circuitBreaker().learn(event.provider());
    Stage.Running running = (Stage.Running) task.stage();
    if (!running.started()) {
      Instant leaseUntil = turn.now().plus(turn.rules().runLease());
      Task started = task.at(new Stage.Running(running.run(), true, leaseUntil, running.ending()));
      turn.move(task, started);
      turn.step(TaskEventType.STARTED, started, null);
    } else {
      renew(turn, task, running);
    }
    if (running.ending() != null) {
      turn.effect(new QueueEffect.Kill(task, running.run(), running.ending().reason()));
    }
  }

  /**
   * An assignment was taken up after its run had been taken back, or once more after its end: what
   * it does would be done twice. A replay only tells of such a run.
   */
  private static void endStale(Turn turn, QueueEvent.RunStarted event) {
    if (event.cause().replayId() != null) {
      return;
    }
    turn.state()
        .task(event.task())
        .filter(task -> wasDispatched(task, event.run()))
        .ifPresent(task ->
            turn.effect(
                new QueueEffect.Kill(
                    task, event.run(), "the run does not hold its task, or no more")));
  }

  private static boolean wasDispatched(Task task, RunId run) {
    return IntStream.rangeClosed(1, task.attempt())
        .anyMatch(attempt -> RunId.of(task.id(), attempt).equals(run));
  }

  static void alive(Turn turn, QueueEvent.RunHeartbeat event) {
    turn.holder(event.task(), event.run())
        .ifPresent(task -> renew(turn, task, (Stage.Running) task.stage()));
  }

  static void finished(Turn turn, QueueEvent.RunFinished event) {
    turn.holder(event.task(), event.run())
        .ifPresent(task -> {
          turn.circuitBreaker().ended(event.run(), event.result());
          end(turn, task, event.result());
        });
  }

  private static void end(Turn turn, Task task, RunResult result) {
    Stage.Ending ending = ((Stage.Running) task.stage()).ending();
    if (ending != null && !(result instanceof RunResult.Done)) {
      turn.abandon(task, ending.outcome(), ending.reason());
      return;
    }
    switch (result) {
      case RunResult.Done done -> complete(turn, task, done);
      case RunResult.Failed failed -> fail(turn, task, failed);
      case RunResult.Asking asking -> ask(turn, task, asking.question());
      case RunResult.Late late -> turn.abandon(task, Stage.Outcome.EXPIRED, late.reason());
      case RunResult.Killed killed -> turn.abandon(task, Stage.Outcome.CANCELLED, killed.reason());
    }
  }

  private static void complete(Turn turn, Task task, RunResult.Done done) {
    Task completed = turn.finish(task, Stage.Outcome.COMPLETED);
    turn.state().forgetRequest(task.id());
    turn.effect(
        new QueueEffect.TaskStep(
            TaskEventType.COMPLETED, completed, completed.lastRun(), null, done.result()));
  }

  /** A run that stopped reporting counts as failed; one that nobody took up does not. */
  static void takeBack(Turn turn, Task task, Stage.Running running) {
    Duration silence = running.started() ? turn.rules().runLease() : turn.rules().startTimeout();
    String reason =
        running.started()
            ? "the run did not report for " + Durations.text(silence)
            : "no agent took up the run within " + Durations.text(silence);
    turn.effect(new QueueEffect.Kill(task, running.run(), reason));
    if (running.ending() != null) {
      turn.abandon(task, running.ending().outcome(), running.ending().reason());
    } else if (running.started()) {
      fail(turn, task, new RunResult.Failed(reason, true, null, false));
    } else {
      turn.returnToLine(task, TaskEventType.QUEUED, reason);
    }
  }

  private static void fail(Turn turn, Task task, RunResult.Failed failure) {
    Task failed = task.failedOnce();
    Optional<Duration> delay =
        failure.retryable()
            ? turn.settings()
                .retry()
                .delayAfter(
                    failed.failures(),
                    RunId.of(task.id(), task.attempt()).value(),
                    failure.retryAfter())
            : Optional.empty();
    if (delay.isPresent()) {
      Instant until = turn.now().plus(delay.get());
      Task delayed = turn.move(task, failed.at(new Stage.Delayed(until)));
      turn.step(
          TaskEventType.RETRY_SCHEDULED,
          delayed,
          "%s; tried again in %s".formatted(failure.reason(), Durations.text(delay.get())));
    } else {
      giveUp(turn, failed, failure.retryable() ? "exhausted" : "failed", failure.reason());
      stopQueue(turn, failed, failure.reason());
    }
  }

  /** The run asks whether it may go on: its slot is free, and the task waits for an answer. */
  private static void ask(Turn turn, Task task, String question) {
    Instant until = turn.now().plus(turn.rules().approvalTimeout());
    Task asking = turn.move(task, task.at(new Stage.Asking(until)));
    turn.step(TaskEventType.APPROVAL_REQUESTED, asking, question);
  }

  /** A task is given up although no run of it failed, which says nothing about its queue. */
  static void giveUp(Turn turn, Task task, String reason) {
    giveUp(turn, task, "failed", reason);
  }

  private static void giveUp(Turn turn, Task failed, String kind, String reason) {
    Task finished = turn.finish(failed, Stage.Outcome.FAILED);
    turn.step(TaskEventType.FAILED, finished, reason);
    turn.effect(new QueueEffect.GiveUp(finished, turn.state().request(failed.id()), kind, reason));
  }

  private static void stopQueue(Turn turn, Task failed, String reason) {
    if (turn.settings().stopOnFailure()) {
      turn.pause(
          Pause.QUEUE,
          "stopped because task %s failed: %s; resume the queue to go on"
              .formatted(failed.id(), reason));
    }
  }

  /** A lease is written only when a good part of it is used up: a run may report often. */
  private static void renew(Turn turn, Task task, Stage.Running running) {
    Duration left = Duration.between(turn.now(), running.leaseUntil());
    if (left.compareTo(turn.rules().runLease().multipliedBy(3).dividedBy(4)) < 0) {
      Instant leaseUntil = turn.now().plus(turn.rules().runLease());
      turn.move(
          task,
          task.at(
              new Stage.Running(running.run(), running.started(), leaseUntil, running.ending())));
    }
  }
}
