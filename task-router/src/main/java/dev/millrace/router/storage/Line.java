package dev.millrace.router.storage;

import dev.millrace.router.queue.Place;
import dev.millrace.router.queue.QueueState.Waiter;
import dev.millrace.router.queue.TaskId;
import dev.millrace.router.queue.Tenant;
import dev.millrace.schemas.task.Priority;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The waiting line of one tenant in one priority: all of it in the store, its front in memory.
 *
 * <p>Rows that were deleted stay in the way of a scan until the store is compacted, and at the
 * front of a line everything is deleted. So the store is scanned only when the front is used up,
 * for many rows at once, and never while the whole line fits into memory.
 */
final class Line {

  /** Rows that are usually read at once. */
  static final int BATCH = 512;

  private final Priority priority;
  private final Tenant tenant;
  private final Keys keys;
  private final OrderedStore store;
  private final int batch;

  /** All who stand in the line up to the sequence {@link #known}. */
  private final NavigableMap<Long, Waiter> front = new TreeMap<>();

  private long known;

  private Line(
      Priority priority, Tenant tenant, Keys keys, OrderedStore store, int batch, long known) {
    this.priority = priority;
    this.tenant = tenant;
    this.keys = keys;
    this.store = store;
    this.batch = batch;
    this.known = known;
  }

  /**
   * A line that may have rows in the store.
   *
   * @param batch rows that are read at once; at most twice as many are kept, unless more are asked
   *     for
   */
  static Line stored(Priority priority, Tenant tenant, Keys keys, OrderedStore store, int batch) {
    return new Line(priority, tenant, keys, store, batch, -1);
  }

  /** A line that has no rows in the store: there is nothing to be read. */
  static Line empty(Priority priority, Tenant tenant, Keys keys, OrderedStore store, int batch) {
    return new Line(priority, tenant, keys, store, batch, Long.MAX_VALUE);
  }

  void add(Waiter waiter) {
    Place place = waiter.place();
    store.put(
        keys.waiting(place),
        new RowWriter(1).text(waiter.task().value()).time(place.since()).toBytes());
    if (place.sequence() <= known) {
      front.put(place.sequence(), waiter);
      forgetBeyond(2 * batch);
    }
  }

  private void forgetBeyond(int kept) {
    while (front.size() > kept) {
      front.pollLastEntry();
      known = front.lastKey();
    }
  }

  void remove(Place place) {
    store.delete(keys.waiting(place));
    front.remove(place.sequence());
  }

  /** The first who wait. */
  List<Waiter> first(int limit) {
    if (front.size() < limit && known < Long.MAX_VALUE) {
      readOn(Math.max(limit, batch));
    }
    return front.values().stream().limit(limit).toList();
  }

  private void readOn(int limit) {
    List<OrderedStore.Row> rows =
        store.first(
            keys.waiting(priority, tenant, known + 1),
            keys.waiting(priority, tenant, Long.MAX_VALUE),
            limit);
    for (OrderedStore.Row row : rows) {
      Waiter waiter = read(row, priority, tenant, keys);
      front.put(waiter.place().sequence(), waiter);
    }
    known = rows.size() < limit ? Long.MAX_VALUE : front.lastKey();
  }

  /** Who stands in the store under this key. */
  static Waiter read(OrderedStore.Row row, Priority priority, Tenant tenant, Keys keys) {
    RowReader reader = new RowReader(row.value(), 1);
    TaskId task = new TaskId(reader.text());
    Place place = new Place(priority, tenant, keys.sequence(row.key()), reader.time());
    return new Waiter(place, task);
  }
}
