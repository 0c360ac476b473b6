package dev.millrace.router.queue;

import static dev.millrace.router.queue.TaskCommands.standing;

import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEventType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** Moves a waiting task to another position. */
final class Reordering {

  /** How far from the front a task can be put: everybody before it is read. */
  private static final int MAX_POSITION = 1_000;

  private Reordering() {}

  static Optional<String> move(Turn turn, Task task, TaskCommand command) {
    Integer position = command.getPosition();
    if (position == null || position < 0 || position > MAX_POSITION) {
      return Optional.of("expected a position from 0 to " + MAX_POSITION + ", found " + position);
    }
    if (!(task.stage() instanceof Stage.Waiting)) {
      return Optional.of("only a waiting task has a position, " + standing(task));
    }
    List<QueueState.Waiter> others = servedBefore(turn, task.id(), position + 1);
    if (others.isEmpty()) {
      return Optional.empty();
    }
    boolean toTheEnd = position >= others.size();
    Optional<Place> place =
        toTheEnd ? Optional.of(behind(turn, others)) : inFrontOf(turn, task, others.get(position));
    if (place.isEmpty()) {
      return Optional.of("there is no room left at position " + position + "; choose another");
    }
    Task moved = turn.move(task, task.at(place.get()));
    turn.step(
        TaskEventType.QUEUED, moved, Commands.reason(command, "moved to position " + position));
    return Optional.empty();
  }

  private static Place behind(Turn turn, List<QueueState.Waiter> others) {
    Place last = others.getLast().place();
    return new Place(last.priority(), turn.newPlace(last.priority()).sequence(), last.since());
  }

  private static Optional<Place> inFrontOf(Turn turn, Task task, QueueState.Waiter next) {
    Place after = next.place();
    Optional<QueueState.Waiter> previous = turn.state().before(after.priority(), after.sequence());
    if (previous.isPresent() && previous.get().task().equals(task.id())) {
      return Optional.of(task.place());
    }
    long lower =
        Math.max(
            previous.map(waiter -> waiter.place().sequence()).orElse(0L),
            turn.status().sweep().upTo());
    long middle = lower + (after.sequence() - lower) / 2;
    return middle > lower
        ? Optional.of(new Place(after.priority(), middle, after.since()))
        : Optional.empty();
  }

  /** The first waiting tasks without this one, in the order in which they are served. */
  private static List<QueueState.Waiter> servedBefore(Turn turn, TaskId without, int limit) {
    record Line(QueueState.Waiter head, Iterator<QueueState.Waiter> rest) {}
    Comparator<Place> serving = Place.serving(turn.settings().ageing(), turn.now());
    PriorityQueue<Line> lines =
        new PriorityQueue<>(Comparator.comparing((Line line) -> line.head().place(), serving));
    for (Priority priority : Priority.values()) {
      Iterator<QueueState.Waiter> waiting = turn.state().waiting(priority, limit + 1).iterator();
      if (waiting.hasNext()) {
        lines.add(new Line(waiting.next(), waiting));
      }
    }
    List<QueueState.Waiter> served = new ArrayList<>();
    while (!lines.isEmpty() && served.size() < limit) {
      Line line = lines.remove();
      if (!line.head().task().equals(without)) {
        served.add(line.head());
      }
      if (line.rest().hasNext()) {
        lines.add(new Line(line.rest().next(), line.rest()));
      }
    }
    return served;
  }
}
