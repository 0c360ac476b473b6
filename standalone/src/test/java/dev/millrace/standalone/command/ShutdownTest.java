package dev.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShutdownTest {

  private final Shutdown shutdown = Shutdown.awaited();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void theTestsMayEnd() {
    shutdown.done();
    threads.close();
  }

  @Test
  void workIsBrokenOffByTheSignal() throws Exception {
    // given
    CountDownLatch begun = new CountDownLatch(1);
    Future<?> work = threads.submit(() -> shutdown.unlessAsked(() -> workOn(begun)));
    begun.await();

    // when
    threads.execute(shutdown::hold);

    // then
    assertThatThrownBy(work::get).hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void workAfterTheSignalDoesNotBegin() throws Exception {
    // given
    CountDownLatch begun = new CountDownLatch(1);
    threads.execute(shutdown::hold);
    shutdown.await();

    // when
    Future<?> work = threads.submit(() -> shutdown.unlessAsked(() -> workOn(begun)));

    // then
    assertThatThrownBy(work::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(begun.getCount()).isEqualTo(1);
  }

  @Test
  void whatWorkFailsWithIsPassedOn() {
    assertThatThrownBy(() ->
            shutdown.unlessAsked(() -> {
              throw new IllegalStateException("no disk");
            }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no disk");
  }

  private static String workOn(CountDownLatch begun) throws InterruptedException {
    begun.countDown();
    new CountDownLatch(1).await();
    return "done";
  }
}
