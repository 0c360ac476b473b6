package dev.millrace.standalone.embedded;

import dev.millrace.runtime.failure.FileFailures;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child process that is started again when it ends although nobody stopped it: when the machine
 * was out of memory, mostly, or when somebody took it for something else. What needs it waits
 * meanwhile, as for one that is restarted on another machine.
 */
final class SupervisedProcess {

  private static final Logger log = LoggerFactory.getLogger(SupervisedProcess.class);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** As long as the log of an app; there is one more of it. */
  private static final long MAX_LOG_BYTES = 50L << 20;

  private static final Duration LOG_CHECK = Duration.ofMinutes(1);

  private final String name;
  private final Supplier<GuardedProcess> again;
  private final Duration stopTimeout;
  private volatile @Nullable GuardedProcess process;
  private @Nullable Thread keeper;

  /**
   * @param name what people call it
   * @param again starts it and returns when it is ready, or throws a {@link StackException} and
   *     leaves nothing behind
   * @param stopTimeout how long it may take to stop
   */
  SupervisedProcess(String name, Supplier<GuardedProcess> again, Duration stopTimeout) {
    this.name = name;
    this.again = again;
    this.stopTimeout = stopTimeout;
  }

  /** Keeps it running from now on. */
  void keep(GuardedProcess started) {
    process = started;
    keeper = Thread.ofVirtual().name(name + " keeper").start(() -> watch(started));
  }

  /** Stops it; does nothing when it does not run. */
  void stop() {
    if (keeper != null) {
      keeper.interrupt();
      try {
        keeper.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      keeper = null;
    }
    GuardedProcess running = process;
    if (running != null) {
      running.stop(stopTimeout);
      process = null;
    }
  }

  /** The process, while there is one. */
  Stream<ProcessHandle> handle() {
    GuardedProcess running = process;
    return running == null ? Stream.empty() : Stream.of(running.handle());
  }

  private void watch(GuardedProcess first) {
    try {
      GuardedProcess running = first;
      while (true) {
        awaitEnd(running);
        log.atError()
            .addKeyValue("exit_code", running.exitCode())
            .log("{} ended by itself and is started again", name);
        running = startAgain();
        process = running;
        log.atInfo().log("{} runs again", name);
      }
    } catch (InterruptedException e) {
      // It is stopped.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void awaitEnd(GuardedProcess running)
      throws InterruptedException, ExecutionException {
    CompletableFuture<ProcessHandle> end = running.handle().onExit();
    while (true) {
      try {
        end.get(LOG_CHECK.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        boundLog(running);
      }
    }
  }

  private static void boundLog(GuardedProcess running) {
    try {
      running.boundLog(MAX_LOG_BYTES);
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("reason", FileFailures.reason(e))
          .log("a log that is too long cannot begin again");
    }
  }

  private GuardedProcess startAgain() throws InterruptedException {
    for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
      Thread.sleep(pause);
      try {
        return again.get();
      } catch (StackException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("stopped while it was started again");
        }
        log.atError()
            .addKeyValue("reason", e.getMessage())
            .log("{} cannot be started again yet", name);
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }
}
