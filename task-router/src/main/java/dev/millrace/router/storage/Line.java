package dev.millrace.router.storage;

import dev.millrace.router.queue.Place;
import dev.millrace.router.queue.QueueState.Waiter;
import dev.millrace.router.queue.TaskId;
import dev.millrace.schemas.task.Priority;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The waiting line of one priority: all of it in the store, its front in memory.
 *
 * <p>Rows that were deleted stay in the way of a scan until the store is compacted, and at the
 * front of a line everything is deleted. So the store is scanned only when the front is used up,
 * for many rows at once, and never while the whole line fits into memory.
 */
final class Line {

  /** Rows that are usually read at once. */
  static final int BATCH = 512;

  private final Priority priority;
  private final Keys keys;
  private final OrderedStore store;
  private final int batch;

  /** All who stand in the line up to the sequence {@link #known}. */
  private final NavigableMap<Long, Waiter> front = new TreeMap<>();

  private long known = -1;

  /**
   * @param batch rows that are read at once; at most twice as many are kept, unless more are asked
   *     for
   */
  Line(Priority priority, Keys keys, OrderedStore store, int batch) {
    this.priority = priority;
    this.keys = keys;
    this.store = store;
    this.batch = batch;
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
            keys.waiting(priority, known + 1), keys.waiting(priority, Long.MAX_VALUE), limit);
    for (OrderedStore.Row row : rows) {
      Waiter waiter = read(row);
      front.put(waiter.place().sequence(), waiter);
    }
    known = rows.size() < limit ? Long.MAX_VALUE : front.lastKey();
  }

  /** Who stands in the store under this key. */
  Waiter read(OrderedStore.Row row) {
    RowReader reader = new RowReader(row.value(), 1);
    TaskId task = new TaskId(reader.text());
    return new Waiter(new Place(priority, keys.sequence(row.key()), reader.time()), task);
  }
}
