package dev.millrace.router.queue;

import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The memory of one queue. Every operation costs the same however many tasks wait, except where a
 * limit says how much is read.
 */
public interface QueueState {

  QueueStatus status();

  void save(QueueStatus status);

  Optional<Task> task(TaskId id);

  void save(Task task);

  /** The request of a task that was not forgotten. */
  TaskRequest request(TaskId id);

  void save(TaskId id, TaskRequest request);

  /** Forgets the request of a task that will never run again. */
  void forgetRequest(TaskId id);

  /** Forgets a task: if it is asked for again, it is new. */
  void forget(TaskId id);

  /** Puts a task into the waiting line of its place, which is not taken. */
  void enqueue(Waiter waiter);

  /** Whether a task waits at this place. */
  boolean isTaken(Place place);

  /** Takes a task out of the waiting line that does not wait any more. */
  void dequeue(Place place);

  /** Takes a task out of the waiting line because its turn has come: its tenant had a turn. */
  void serve(Place place);

  /**
   * The first of the waiting line of this priority, in the order in which they are served if no run
   * ends: tenants take turns, and inside a tenant the lowest sequence is first.
   */
  List<Waiter> waiting(Priority priority, int limit);

  /** Tasks of the waiting line with a sequence up to this one, in no order. */
  List<Waiter> waitingUpTo(Priority priority, long sequence, int limit);

  /** Who stands before this place in the line of its tenant. */
  Optional<Waiter> before(Place place);

  /**
   * A task holds a slot from now on, or longer than it did.
   *
   * @param tenant whose slot it is
   */
  void occupy(TaskId id, Tenant tenant, Instant leaseUntil);

  /** A task holds no slot any more. */
  void vacate(TaskId id);

  /** Tasks that hold a slot and whose lease has ended. */
  List<TaskId> overdue(Instant now);

  void arm(Timer timer);

  void disarm(Timer timer);

  /** Timers whose time has come, the oldest first; whoever asks disarms them. */
  List<Timer> due(Instant now, int limit);

  /** Remembers a command; false if it was there already. */
  boolean remember(String commandId);

  void forgetCommand(String commandId);

  /** A task in the waiting line. */
  record Waiter(Place place, TaskId task) {}
}
