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

/**
 * Moves a waiting task to another position. At the front, moved tasks stand in a line that goes
 * before the tenants' own. Further back the task takes the turn of the one it is put before: which
 * tenant's turn comes when depends on whose runs end.
 */
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
    Optional<Place> place = placeAt(turn, task, position);
    if (place.isEmpty()) {
      return Optional.of("there is no room left at position " + position + "; choose another");
    }
    if (place.get().equals(task.place())) {
      return Optional.empty();
    }
    Task moved = turn.move(task, task.at(place.get()));
    turn.step(
        TaskEventType.QUEUED, moved, Commands.reason(command, "moved to position " + position));
    return Optional.empty();
  }

  /** Its place at this position; none if there is no room. The others stand as if it were gone. */
  private static Optional<Place> placeAt(Turn turn, Task task, int position) {
    turn.state().dequeue(task.place());
    List<QueueState.Waiter> others = served(turn, position + 1);
    turn.state().enqueue(new QueueState.Waiter(task.place(), task.id()));
    if (others.isEmpty()) {
      return Optional.of(task.place());
    }
    boolean atTheFront =
        others.stream().limit(position).allMatch(waiter -> isFirst(waiter.place()));
    if (position < others.size() && (!atTheFront || isFirst(others.get(position).place()))) {
      return inFrontOf(turn, task, others.get(position).place());
    }
    Place before = others.get(Math.clamp(position - 1L, 0, others.size() - 1)).place();
    return Optional.of(behind(turn, before, atTheFront ? Tenant.FIRST : before.tenant()));
  }

  private static boolean isFirst(Place place) {
    return place.tenant().equals(Tenant.FIRST);
  }

  /** At the end of the line of this tenant, as urgent as its neighbour. */
  private static Place behind(Turn turn, Place neighbour, Tenant tenant) {
    Place end = turn.newPlace(neighbour.priority(), tenant);
    return new Place(neighbour.priority(), tenant, end.sequence(), neighbour.since());
  }

  private static Optional<Place> inFrontOf(Turn turn, Task task, Place after) {
    Optional<QueueState.Waiter> previous = turn.state().before(after);
    if (previous.isPresent() && previous.get().task().equals(task.id())) {
      return Optional.of(task.place());
    }
    long lower =
        Math.max(
            previous.map(waiter -> waiter.place().sequence()).orElse(0L),
            turn.status().sweep().upTo());
    long middle = lower + (after.sequence() - lower) / 2;
    return middle > lower
        ? Optional.of(new Place(after.priority(), after.tenant(), middle, after.since()))
        : Optional.empty();
  }

  /** The first waiting tasks, in the order in which they are served. */
  private static List<QueueState.Waiter> served(Turn turn, int limit) {
    record Line(QueueState.Waiter head, Iterator<QueueState.Waiter> rest) {}
    Comparator<Place> serving = Place.serving(turn.settings().ageing(), turn.now());
    PriorityQueue<Line> lines =
        new PriorityQueue<>(Comparator.comparing((Line line) -> line.head().place(), serving));
    for (Priority priority : Priority.values()) {
      Iterator<QueueState.Waiter> waiting = turn.state().waiting(priority, limit).iterator();
      if (waiting.hasNext()) {
        lines.add(new Line(waiting.next(), waiting));
      }
    }
    List<QueueState.Waiter> served = new ArrayList<>();
    while (!lines.isEmpty() && served.size() < limit) {
      Line line = lines.remove();
      served.add(line.head());
      if (line.rest().hasNext()) {
        lines.add(new Line(line.rest().next(), line.rest()));
      }
    }
    return served;
  }
}
