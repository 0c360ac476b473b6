package dev.millrace.router.storage;

import static java.util.Objects.requireNonNull;

import dev.millrace.router.queue.Place;
import dev.millrace.router.queue.QueueName;
import dev.millrace.router.queue.QueueState;
import dev.millrace.router.queue.QueueStatus;
import dev.millrace.router.queue.Task;
import dev.millrace.router.queue.TaskId;
import dev.millrace.router.queue.Timer;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** A queue in an ordered store, which it may share with others. It belongs to one thread. */
public final class StoredQueue implements QueueState {

  private static final byte[] NOTHING = {};

  private final Keys keys;
  private final OrderedStore store;
  private final Serde<TaskRequest> requests;

  /**
   * A sequence in each line before which nobody stands. What was deleted at the front of a line
   * stays in the way of a scan until the store is compacted; the scan starts behind it.
   */
  private final Map<Priority, Long> front = new EnumMap<>(Priority.class);

  /** No timer is due before; a scan starts here for the same reason. */
  private Instant firstDue = Instant.EPOCH;

  private @Nullable QueueStatus status;

  /**
   * @param requests how the requests of tasks are written
   */
  public StoredQueue(QueueName queue, OrderedStore store, Serde<TaskRequest> requests) {
    this.keys = new Keys(queue);
    this.store = store;
    this.requests = requests;
  }

  /** Names of the queues that have rows in the store. */
  public static List<QueueName> in(OrderedStore store) {
    byte[][] range = Keys.allQueues();
    return store.first(range[0], range[1], Integer.MAX_VALUE).stream()
        .map(row -> Keys.queueOf(row.key()))
        .toList();
  }

  @Override
  public QueueStatus status() {
    if (status == null) {
      byte[] row = store.get(keys.of(Keys.Table.STATUS, ""));
      status = row == null ? QueueStatus.NEW : StatusRow.read(row);
    }
    return status;
  }

  @Override
  public void save(QueueStatus next) {
    store.put(keys.of(Keys.Table.STATUS, ""), StatusRow.write(next));
    status = next;
  }

  @Override
  public Optional<Task> task(TaskId id) {
    return Optional.ofNullable(store.get(keys.of(Keys.Table.TASK, id.value()))).map(TaskRow::read);
  }

  @Override
  public void save(Task task) {
    store.put(keys.of(Keys.Table.TASK, task.id().value()), TaskRow.write(task));
  }

  @Override
  public TaskRequest request(TaskId id) {
    byte[] row = store.get(keys.of(Keys.Table.REQUEST, id.value()));
    if (row == null) {
      throw new IllegalStateException("the request of task " + id + " is gone");
    }
    return requireNonNull(requests.deserializer().deserialize(Topics.TASK_REQUESTS.name(), row));
  }

  @Override
  public void save(TaskId id, TaskRequest request) {
    byte[] row = requests.serializer().serialize(Topics.TASK_REQUESTS.name(), request);
    store.put(keys.of(Keys.Table.REQUEST, id.value()), requireNonNull(row));
  }

  @Override
  public void forgetRequest(TaskId id) {
    store.delete(keys.of(Keys.Table.REQUEST, id.value()));
  }

  @Override
  public void forget(TaskId id) {
    store.delete(keys.of(Keys.Table.TASK, id.value()));
    forgetRequest(id);
  }

  @Override
  public void enqueue(Waiter waiter) {
    Place place = waiter.place();
    byte[] row = new RowWriter(1).text(waiter.task().value()).time(place.since()).toBytes();
    store.put(keys.waiting(place), row);
    front.computeIfPresent(place.priority(), (_, sequence) -> Math.min(sequence, place.sequence()));
  }

  @Override
  public void dequeue(Place place) {
    store.delete(keys.waiting(place));
  }

  @Override
  public List<Waiter> waiting(Priority priority, int limit) {
    byte[] from = keys.waiting(priority, front.getOrDefault(priority, 0L));
    List<Waiter> waiting =
        store.first(from, keys.waiting(priority, Long.MAX_VALUE), limit).stream()
            .map(row -> waiter(priority, row))
            .toList();
    front.put(
        priority,
        waiting.isEmpty() ? status().issued() * Place.GAP : waiting.getFirst().place().sequence());
    return waiting;
  }

  @Override
  public Optional<Waiter> before(Priority priority, long sequence) {
    return store
        .last(keys.waiting(priority, 0), keys.waiting(priority, sequence - 1))
        .map(row -> waiter(priority, row));
  }

  private Waiter waiter(Priority priority, OrderedStore.Row row) {
    RowReader reader = new RowReader(row.value(), 1);
    TaskId task = new TaskId(reader.text());
    return new Waiter(new Place(priority, keys.sequence(row.key()), reader.time()), task);
  }

  @Override
  public void arm(Timer timer) {
    store.put(keys.timer(timer), NOTHING);
    if (timer.due().isBefore(firstDue)) {
      firstDue = timer.due();
    }
  }

  @Override
  public void disarm(Timer timer) {
    store.delete(keys.timer(timer));
  }

  @Override
  public List<Timer> due(Instant now, int limit) {
    List<Timer> due =
        store.first(keys.timersFrom(firstDue), keys.timersUntil(now), limit).stream()
            .map(row -> keys.timer(row.key()))
            .toList();
    firstDue = due.isEmpty() ? now : due.getFirst().due();
    return due;
  }

  @Override
  public boolean remember(String commandId) {
    byte[] key = keys.of(Keys.Table.COMMAND, commandId);
    if (store.get(key) != null) {
      return false;
    }
    store.put(key, NOTHING);
    return true;
  }

  @Override
  public void forgetCommand(String commandId) {
    store.delete(keys.of(Keys.Table.COMMAND, commandId));
  }
}
