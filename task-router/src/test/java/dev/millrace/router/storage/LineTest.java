package dev.millrace.router.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.router.queue.Place;
import dev.millrace.router.queue.QueueName;
import dev.millrace.router.queue.QueueState.Waiter;
import dev.millrace.router.queue.TaskId;
import dev.millrace.router.queue.Tenant;
import dev.millrace.schemas.task.Priority;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LineTest {

  private static final int BATCH = 3;

  @Property
  void whateverIsAddedAndRemovedTheFrontIsThatOfTheWholeLine(
      @ForAll @Size(max = 120) List<@IntRange(min = -30, max = 40) Integer> moves,
      @ForAll @IntRange(min = 1, max = 5) int limit) {
    MemoryStore store = new MemoryStore();
    Line line = line(store);
    TreeMap<Long, Waiter> expected = new TreeMap<>();

    for (int move : moves) {
      long sequence = Math.abs(move);
      if (move > 30) {
        line = line(store);
      } else if (move >= 0) {
        Waiter waiter = waiter(sequence);
        line.add(waiter);
        expected.put(sequence, waiter);
      } else {
        line.remove(waiter(sequence).place());
        expected.remove(sequence);
      }

      assertThat(line.first(limit))
          .containsExactlyElementsOf(expected.values().stream().limit(limit).toList());
    }
  }

  private static Line line(MemoryStore store) {
    return Line.stored(Priority.HIGH, Tenant.NONE, new Keys(new QueueName("claude")), store, BATCH);
  }

  private static Waiter waiter(long sequence) {
    Place place = new Place(Priority.HIGH, Tenant.NONE, sequence, Instant.ofEpochMilli(sequence));
    return new Waiter(place, new TaskId("task-" + sequence));
  }
}
