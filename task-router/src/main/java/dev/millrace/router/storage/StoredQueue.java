package dev.millrace.router.storage;

import static java.util.Objects.requireNonNull;

import dev.millrace.router.queue.Place;
import dev.millrace.router.queue.QueueName;
import dev.millrace.router.queue.QueueState;
import dev.millrace.router.queue.QueueStatus;
import dev.millrace.router.queue.Stage;
import dev.millrace.router.queue.Task;
import dev.millrace.router.queue.TaskId;
import dev.millrace.router.queue.Tenant;
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
  private static final int MAX_RUNNING = 1_000_000;

  private final Keys keys;
  private final OrderedStore store;
  private final Serde<TaskRequest> requests;

  private final Map<Priority, SharedLine> lines = new EnumMap<>(Priority.class);

  /**
   * No timer is due before. Until then the store is not scanned: deleted timers would be in the
   * way.
   */
  private Instant firstDue = Instant.EPOCH;

  /** Tasks that hold a slot; null before they are read. */
  private @Nullable Leases leases;

  private @Nullable QueueStatus status;

  /**
   * @param requests how the requests of tasks are written
   */
  public StoredQueue(QueueName queue, OrderedStore store, Serde<TaskRequest> requests) {
    this.keys = new Keys(queue);
    this.store = store;
    this.requests = requests;
    for (Priority priority : Priority.values()) {
      lines.put(priority, new SharedLine(priority, keys, store, this::running));
    }
  }

  private SharedLine line(Priority priority) {
    return requireNonNull(lines.get(priority));
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

  /** Whether nothing was ever saved of it. */
  public boolean isNew() {
    return store.get(keys.of(Keys.Table.STATUS, "")) == null;
  }

  /**
   * From when on the time may change something about it: always while something waits or runs, else
   * when its first timer is due, or {@link Instant#MAX}.
   */
  public Instant due() {
    boolean quiet =
        status().backlog() == 0 && status().running() == 0 && !status().sweep().active();
    return quiet ? firstDue : Instant.EPOCH;
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
    line(waiter.place().priority()).add(waiter);
  }

  @Override
  public boolean isTaken(Place place) {
    return store.get(keys.waiting(place)) != null;
  }

  @Override
  public void dequeue(Place place) {
    line(place.priority()).remove(place);
  }

  @Override
  public void serve(Place place) {
    line(place.priority()).serve(place);
  }

  @Override
  public List<Waiter> waiting(Priority priority, int limit) {
    return line(priority).first(limit);
  }

  @Override
  public List<Waiter> waitingUpTo(Priority priority, long sequence, int limit) {
    return line(priority).upTo(sequence, limit);
  }

  @Override
  public Optional<Waiter> before(Place place) {
    Priority priority = place.priority();
    Tenant tenant = place.tenant();
    return store
        .last(
            keys.waiting(priority, tenant, 0), keys.waiting(priority, tenant, place.sequence() - 1))
        .map(row -> Line.read(row, priority, tenant, keys));
  }

  @Override
  public void occupy(TaskId id, Tenant tenant, Instant leaseUntil) {
    if (leases().hold(id, tenant, leaseUntil)) {
      store.put(keys.of(Keys.Table.RUNNING, id.value()), NOTHING);
      lines.values().forEach(line -> line.reseat(tenant));
    }
  }

  @Override
  public void vacate(TaskId id) {
    Optional<Tenant> tenant = leases().release(id);
    store.delete(keys.of(Keys.Table.RUNNING, id.value()));
    tenant.ifPresent(freed -> lines.values().forEach(line -> line.reseat(freed)));
  }

  @Override
  public List<TaskId> overdue(Instant now) {
    return leases().overdue(now);
  }

  private int running(Tenant tenant) {
    return leases().running(tenant);
  }

  private Leases leases() {
    if (leases == null) {
      leases = readLeases();
    }
    return leases;
  }

  private Leases readLeases() {
    Leases read = new Leases();
    for (OrderedStore.Row row :
        store.first(keys.first(Keys.Table.RUNNING), keys.last(Keys.Table.RUNNING), MAX_RUNNING)) {
      Task task = task(new TaskId(keys.subject(row.key()))).orElseThrow();
      if (!(task.stage() instanceof Stage.Running running)) {
        throw new IllegalStateException("task " + task.id() + " holds a slot but does not run");
      }
      read.hold(task.id(), task.place().tenant(), running.leaseUntil());
    }
    if (read.size() != status().running()) {
      throw new IllegalStateException(
          "%d tasks hold a slot, but %d were counted".formatted(read.size(), status().running()));
    }
    return read;
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
    if (now.isBefore(firstDue)) {
      return List.of();
    }
    List<Timer> next =
        store.first(keys.timersFrom(firstDue), keys.last(Keys.Table.TIMER), limit).stream()
            .map(row -> keys.timer(row.key()))
            .toList();
    List<Timer> due = next.stream().takeWhile(timer -> !timer.due().isAfter(now)).toList();
    firstDue = dueAfter(due, next, limit);
    return due;
  }

  private static Instant dueAfter(List<Timer> due, List<Timer> read, int limit) {
    if (due.size() < read.size()) {
      return read.get(due.size()).due();
    }
    return read.size() == limit ? read.getLast().due() : Instant.MAX;
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
