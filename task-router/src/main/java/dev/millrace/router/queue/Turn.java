package dev.millrace.router.queue;

import dev.millrace.router.circuit.Circuits;
import dev.millrace.router.queue.QueueStatus.Pause;
import dev.millrace.runtime.queue.QueueSettings;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One event being taken in: the moves a task can make, and the effects so far. */
final class Turn {

  private final QueueState state;
  private final QueueRules rules;
  private final CircuitBreaker circuitBreaker;
  private final Instant now;
  private final QueueStatus before;
  private QueueStatus status;
  private QueueSettings settings;
  private final List<QueueEffect> effects = new ArrayList<>();

  Turn(QueueState state, QueueRules rules, Circuits circuits, Instant now) {
    this.state = state;
    this.rules = rules;
    this.circuitBreaker = new CircuitBreaker(circuits, this);
    this.now = now;
    this.before = state.status();
    this.status = before;
    this.settings = settingsOf(before);
  }

  private QueueSettings settingsOf(QueueStatus current) {
    return current.overrides().isEmpty()
        ? rules.defaults()
        : rules.defaults().overriddenBy(current.overrides());
  }

  QueueState state() {
    return state;
  }

  QueueRules rules() {
    return rules;
  }

  CircuitBreaker circuitBreaker() {
    return circuitBreaker;
  }

  Instant now() {
    return now;
  }

  QueueStatus status() {
    return status;
  }

  QueueSettings settings() {
    return settings;
  }

  void become(QueueStatus next) {
    if (!next.overrides().equals(status.overrides())) {
      settings = settingsOf(next);
    }
    status = next;
  }

  void effect(QueueEffect effect) {
    effects.add(effect);
  }

  void step(TaskEventType type, Task task, @Nullable String reason) {
    effect(new QueueEffect.TaskStep(type, task, task.lastRun(), reason, null));
  }

  /** Saves what changed and returns the effects. */
  List<QueueEffect> end() {
    if (!status.equals(before)) {
      state.save(status);
    }
    return List.copyOf(effects);
  }

  /** A new place at the end of a waiting line. */
  Place newPlace(Priority priority, Tenant tenant) {
    long issued = Math.incrementExact(status.issued());
    become(status.withIssued(issued));
    return new Place(priority, tenant, Math.multiplyExact(issued, Place.GAP), now);
  }

  /** The task with the run that holds its slot, if this is that run. */
  Optional<Task> holder(TaskId id, RunId run) {
    return state
        .task(id)
        .filter(task -> task.stage() instanceof Stage.Running running && running.run().equals(run));
  }

  /**
   * The only way a task gets from one stage to the next: keeps line, counts and timers in step with
   * it.
   *
   * @param from the task before; null if it is new
   * @param next what it becomes
   * @return the task after; behind the place it was to have, if somebody stands there
   */
  Task move(@Nullable Task from, Task next) {
    boolean stays =
        from != null
            && from.stage() instanceof Stage.Waiting
            && next.stage() instanceof Stage.Waiting
            && from.place().equals(next.place());
    boolean enters = !stays && next.stage() instanceof Stage.Waiting;
    if (!stays && from != null && from.stage() instanceof Stage.Waiting) {
      if (next.stage() instanceof Stage.Running) {
        state.serve(from.place());
      } else {
        state.dequeue(from.place());
      }
    }
    Task to = enters ? next.at(freeFrom(next.place())) : next;
    if (enters) {
      state.enqueue(new QueueState.Waiter(to.place(), to.id()));
    }
    become(
        status.withCounts(
            waits(to) - (from == null ? 0 : waits(from)),
            runs(to) - (from == null ? 0 : runs(from))));
    if (from != null) {
      timerOf(from).ifPresent(state::disarm);
    }
    timerOf(to).ifPresent(state::arm);
    if (to.stage() instanceof Stage.Running running) {
      state.occupy(to.id(), to.place().tenant(), running.leaseUntil());
    } else if (from != null && from.stage() instanceof Stage.Running left) {
      state.vacate(to.id());
      circuitBreaker.left(left.run());
    }
    state.save(to);
    return to;
  }

  /**
   * This place, or the next one behind it that is free: while a task was out of the line, another
   * may have been moved to the place it left.
   */
  private Place freeFrom(Place place) {
    Place free = place;
    while (state.isTaken(free)) {
      free = free.behind();
    }
    return free;
  }

  private static int waits(Task task) {
    return switch (task.stage()) {
      case Stage.Waiting _, Stage.Delayed _, Stage.Held _, Stage.Asking _ -> 1;
      case Stage.Running _, Stage.Finished _ -> 0;
    };
  }

  private static int runs(Task task) {
    return task.stage() instanceof Stage.Running ? 1 : 0;
  }

  /** The timer a task has because of its stage; its deadline comes on top. */
  private static Optional<Timer> timerOf(Task task) {
    String id = task.id().value();
    return switch (task.stage()) {
      case Stage.Waiting _, Stage.Held _, Stage.Running _ -> Optional.empty();
      case Stage.Delayed delayed -> Optional.of(new Timer(delayed.until(), Timer.Kind.RETRY, id));
      case Stage.Asking asking -> Optional.of(new Timer(asking.until(), Timer.Kind.APPROVAL, id));
      case Stage.Finished finished ->
          Optional.of(new Timer(finished.forgetAt(), Timer.Kind.FORGET, id));
    };
  }

  /** The task is over. */
  Task finish(Task task, Stage.Outcome outcome) {
    if (task.deadline() != null) {
      state.disarm(new Timer(task.deadline(), Timer.Kind.DEADLINE, task.id().value()));
    }
    Duration retention =
        outcome == Stage.Outcome.COMPLETED ? rules.completedRetention() : rules.failedRetention();
    return move(task, task.at(new Stage.Finished(outcome, now, now.plus(retention))));
  }

  /** A task that will not be done after all ends without failing the queue. */
  void abandon(Task task, Stage.Outcome outcome, String reason) {
    TaskEventType type =
        outcome == Stage.Outcome.EXPIRED ? TaskEventType.EXPIRED : TaskEventType.CANCELLED;
    step(type, finish(task, outcome), reason);
  }

  /** Tells the run of a task to end; the task keeps its slot until it has. */
  void endRun(Task task, Stage.Running running, Stage.Ending ending) {
    Stage.Running told =
        new Stage.Running(running.run(), running.started(), running.leaseUntil(), ending);
    Task waiting = task.at(told);
    state.save(waiting);
    effect(new QueueEffect.Kill(waiting, running.run(), ending.reason()));
  }

  /** Puts a task back into the line, unless everything up to its place is being cancelled. */
  void returnToLine(Task task, TaskEventType type, String reason) {
    if (task.place().sequence() <= status.sweep().upTo()) {
      abandon(task, Stage.Outcome.CANCELLED, String.valueOf(status.sweep().reason()));
      return;
    }
    step(type, move(task, task.at(new Stage.Waiting())), reason);
  }

  void pause(Pause level, String reason) {
    if (!status.pauses().contains(level)) {
      become(status.withPauses(plus(status.pauses(), level)));
      effect(new QueueEffect.QueueStep(TaskEventType.PAUSED, reason, paused()));
    }
  }

  void resume(Pause level, String reason) {
    if (status.pauses().contains(level)) {
      become(status.withPauses(minus(status.pauses(), level)));
      effect(new QueueEffect.QueueStep(TaskEventType.RESUMED, reason, paused()));
    }
  }

  /** Resumes the queue at all levels. */
  void resume(String reason) {
    if (status.isPaused()) {
      become(status.withPauses(Set.of()));
      effect(new QueueEffect.QueueStep(TaskEventType.RESUMED, reason, paused()));
    }
  }

  /** Whether the queue is paused now; one resumed at one level may be at another. */
  private Map<String, String> paused() {
    return Map.of(QueueSettings.PAUSED, Boolean.toString(status.isPaused()));
  }

  private static Set<Pause> plus(Set<Pause> pauses, Pause level) {
    Set<Pause> next = EnumSet.of(level);
    next.addAll(pauses);
    return next;
  }

  private static Set<Pause> minus(Set<Pause> pauses, Pause level) {
    Set<Pause> next = EnumSet.noneOf(Pause.class);
    next.addAll(pauses);
    next.remove(level);
    return next;
  }
}
