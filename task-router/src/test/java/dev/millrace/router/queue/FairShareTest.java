package dev.millrace.router.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Tenants that wait share the slots of a queue. */
class FairShareTest {

  @Test
  void aTenantWithOneTaskIsServedNextHoweverMuchAnotherHasWaiting() {
    QueueFixture queue = new QueueFixture(Map.of());
    request(queue, "acme", 1_000);
    request(queue, "umbra", 1);

    completeNext(queue, 2);

    assertThat(QueueFixture.dispatched(queue.history))
        .containsExactly("acme-0", "acme-1", "umbra-0");
  }

  @Test
  void tenantsTakeTurnsAndEachTenantsTasksGoOldestFirst() {
    QueueFixture queue = new QueueFixture(Map.of());
    request(queue, "acme", 4);
    request(queue, "umbra", 3);
    request(queue, "", 2);

    completeNext(queue, 8);

    assertThat(QueueFixture.dispatched(queue.history))
        .containsExactly(
            "acme-0", "acme-1", "umbra-0", "-0", "acme-2", "umbra-1", "-1", "acme-3", "umbra-2");
  }

  @Test
  void aTenantWhoseTasksTakeLongDoesNotCollectTheSlots() {
    QueueFixture queue = new QueueFixture(Map.of("max_concurrent", "4"));
    request(queue, "long", 100);
    request(queue, "short", 100);
    queue.complete("long-0", 1);
    queue.complete("long-1", 1);

    // The runs of one go on and on, those of the other end at once.
    for (int round = 0; round < 40; round++) {
      running(queue).stream()
          .filter(task -> task.startsWith("short"))
          .findFirst()
          .ifPresent(task -> queue.complete(task, 1));
    }

    assertThat(running(queue)).filteredOn(task -> task.startsWith("long")).hasSize(2);
  }

  @Test
  void aHigherPriorityGoesFirstWhoeverAsksForIt() {
    QueueFixture queue = new QueueFixture(Map.of());
    request(queue, "acme", 2);
    request(queue, "umbra", 1);
    queue.request(task("acme", 9, Priority.HIGH));

    queue.complete("acme-0", 1);

    assertThat(running(queue)).containsExactly("acme-9");
  }

  @Test
  void cancelledTasksCostTheirTenantNoTurn() {
    QueueFixture queue = new QueueFixture(Map.of());
    request(queue, "acme", 50);
    request(queue, "umbra", 50);
    for (int i = 1; i < 50; i++) {
      queue.command(queue.command(TaskAction.CANCEL).setTaskId("acme-" + i));
    }
    queue.request(task("acme", 99, Priority.MEDIUM));

    completeNext(queue, 2);

    assertThat(QueueFixture.dispatched(queue.history)).contains("acme-99");
  }

  @Test
  void aTaskThatIsMovedIsServedThereWhoseverTurnItIs() {
    QueueFixture queue = new QueueFixture(Map.of());
    request(queue, "acme", 5);
    request(queue, "umbra", 5);

    queue.command(queue.command(TaskAction.REORDER).setTaskId("acme-4").setPosition(0));
    queue.command(queue.command(TaskAction.REORDER).setTaskId("umbra-4").setPosition(1));
    completeNext(queue, 2);

    assertThat(QueueFixture.dispatched(queue.history))
        .containsExactly("acme-0", "acme-4", "umbra-4");
  }

  @Test
  void cancellingEverythingReachesTheTasksOfEveryTenant() {
    QueueFixture queue = new QueueFixture(Map.of());
    for (int tenant = 0; tenant < 300; tenant++) {
      request(queue, "tenant" + tenant, 2);
    }
    queue.command(queue.command(TaskAction.CANCEL));
    request(queue, "late", 1);

    queue.pass(Duration.ofMinutes(10));

    assertThat(queue.status().backlog()).isEqualTo(1);
    assertThat(queue.task("late-0").stage()).isInstanceOf(Stage.Waiting.class);
  }

  @Property(tries = 200)
  void whoWaitsIsServedWithinARoundAndAfterARestartAsWell(
      @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 12) Integer> backlogs,
      @ForAll @IntRange(min = 1, max = 3) int slots,
      @ForAll @IntRange(max = 40) int restartAfter) {
    QueueFixture queue = new QueueFixture(Map.of("max_concurrent", "" + slots, "ageing", "0s"));
    queue.command(queue.command(TaskAction.PAUSE));
    for (int tenant = 0; tenant < backlogs.size(); tenant++) {
      request(queue, "t" + tenant, backlogs.get(tenant));
    }
    queue.command(queue.command(TaskAction.RESUME));
    int total = backlogs.stream().mapToInt(Integer::intValue).sum();

    for (int done = 0; done < total; done++) {
      if (done == restartAfter) {
        queue.restart();
      }
      completeNext(queue, 1);
    }

    List<String> order = QueueFixture.dispatched(queue.history);
    assertThat(order).hasSize(total).doesNotHaveDuplicates();
    checkWaits(order, backlogs, slots);
  }

  /** While a tenant waits, another is served twice at most, and once more for each of its slots. */
  private static void checkWaits(List<String> order, List<Integer> backlogs, int slots) {
    for (int tenant = 0; tenant < backlogs.size(); tenant++) {
      Map<String, Integer> since = new HashMap<>();
      int left = backlogs.get(tenant);
      for (String task : order) {
        String served = task.substring(0, task.indexOf('-'));
        if (served.equals("t" + tenant)) {
          left--;
          since.clear();
        } else if (left > 0) {
          assertThat(since.merge(served, 1, Integer::sum))
              .as("turns of %s while t%d waits, in %s", served, tenant, order)
              .isLessThanOrEqualTo(2 + slots);
        }
      }
    }
  }

  private static void request(QueueFixture queue, String tenant, int count) {
    for (int i = 0; i < count; i++) {
      queue.request(task(tenant, i, Priority.MEDIUM));
    }
  }

  private static TaskRequest task(String tenant, int number, Priority priority) {
    return QueueFixture.taskRequest(tenant + "-" + number, priority).setTenant(tenant).build();
  }

  /** Completes what has run longest, again and again. */
  private static void completeNext(QueueFixture queue, int count) {
    for (int i = 0; i < count; i++) {
      queue.complete(running(queue).getFirst(), 1);
    }
  }

  private static List<String> running(QueueFixture queue) {
    return QueueFixture.dispatched(queue.history).stream()
        .filter(task -> queue.task(task).stage() instanceof Stage.Running)
        .toList();
  }
}
