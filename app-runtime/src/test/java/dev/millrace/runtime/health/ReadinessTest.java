package dev.millrace.runtime.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.health.HealthCheck.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ReadinessTest {

  private final Readiness readiness = new Readiness(Duration.ofMillis(300));

  @Test
  void tellsWhatEachCheckFound() {
    readiness.add("kafka", () -> Health.UP);
    readiness.add("postgres", () -> Health.down("refused"));

    assertThat(readiness.check())
        .containsExactly(
            Map.entry("kafka", Health.UP), Map.entry("postgres", Health.down("refused")));
  }

  @Test
  void aCheckThatThrowsIsDown() {
    readiness.add(
        "kafka",
        () -> {
          throw new IllegalStateException("no brokers");
        });

    assertThat(readiness.check().get("kafka"))
        .isInstanceOfSatisfying(
            Health.Down.class, down -> assertThat(down.reason()).contains("no brokers"));
  }

  /** Several checks that hang take the time of one, and are not waited for when they go on. */
  @Test
  void checksThatHangAreDownTogether() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean released = new AtomicBoolean();
    for (int i = 0; i < 20; i++) {
      readiness.add("hangs-" + i, () -> hang(never, released));
    }

    long before = System.nanoTime();
    Map<String, Health> found = readiness.check();
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    released.set(true);

    assertThat(found).hasSize(20);
    assertThat(found.values())
        .allMatch(health -> health.equals(Health.down("no answer within 300ms")));
    assertThat(took).isLessThan(Duration.ofSeconds(5));
  }

  /** Ignores interrupts. */
  private static Health hang(CountDownLatch never, AtomicBoolean released) {
    while (!released.get()) {
      assertThat(never.getCount()).isOne();
      LockSupport.parkNanos(1_000_000);
    }
    return Health.UP;
  }

  @Test
  void remembersSinceWhen() {
    AtomicBoolean up = new AtomicBoolean();
    readiness.add("kafka", () -> up.get() ? Health.UP : Health.down("refused"));
    ReadinessMonitor monitor = new ReadinessMonitor("test", readiness);
    Instant start = monitor.since();

    monitor.check();
    assertThat(monitor.since()).isEqualTo(start);
    up.set(true);
    monitor.check();
    Instant ready = monitor.since();

    assertThat(ready).isAfterOrEqualTo(start);
    monitor.check();
    assertThat(monitor.since()).isEqualTo(ready);
  }
}
