package dev.millrace.knowledge.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.Test;

class SearchBulkheadTest {

  private static final int CONNECTIONS = 8;
  private static final int SEARCHES = 64;
  private static final long WORK_NANOS = 100_000;

  private final SearchBulkhead bulkhead = new SearchBulkhead(CONNECTIONS);

  @Test
  void searchesLeaveHalfOfTheConnectionsToOthers() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> searches =
          IntStream.range(0, SEARCHES)
              .mapToObj(i ->
                  threads.submit(() ->
                      bulkhead.execute(() -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        LockSupport.parkNanos(WORK_NANOS);
                        running.decrementAndGet();
                        return i;
                      })))
              .toList();
      for (int i = 0; i < SEARCHES; i++) {
        assertThat(searches.get(i).get()).isEqualTo(i);
      }
    }
    assertThat(most).hasPositiveValue();
    assertThat(most.get()).isLessThanOrEqualTo(CONNECTIONS / 2);
  }

  @Test
  void aPoolOfOneConnectionHasATurn() {
    assertThat(new SearchBulkhead(1).execute(() -> "found")).isEqualTo("found");
  }

  @Test
  void aSearchThatFailsGivesItsTurnBack() {
    for (int i = 0; i < SEARCHES; i++) {
      assertThatThrownBy(() ->
              bulkhead.execute(() -> {
                throw new IllegalStateException("no such table");
              }))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(bulkhead.execute(() -> "found")).isEqualTo("found");
  }

  @Test
  void anInterruptedSearchIsToldAsAMissingConnection() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> bulkhead.execute(() -> "found"))
        .isInstanceOf(ConnectionException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
