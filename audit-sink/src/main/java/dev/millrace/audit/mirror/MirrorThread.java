package dev.millrace.audit.mirror;

import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.health.HealthCheck.Health;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread of the mirror: runs a consumer, and a new one when Kafka made the last one useless.
 */
final class MirrorThread {

  private static final Logger log = LoggerFactory.getLogger(MirrorThread.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final BiFunction<Consumer<byte[], byte[]>, MirrorStatus, MirrorLoop> loops;
  private final Pattern topics;
  private final Backoff backoff;
  private final MirrorStatus status = new MirrorStatus();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  MirrorThread(
      String name,
      Supplier<Consumer<byte[], byte[]>> consumers,
      BiFunction<Consumer<byte[], byte[]>, MirrorStatus, MirrorLoop> loops,
      Pattern topics,
      Backoff backoff) {
    this.consumers = consumers;
    this.loops = loops;
    this.topics = topics;
    this.backoff = backoff;
    this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Whether it mirrors. */
  Health health() {
    return thread.isAlive() ? status.health() : Health.down(thread.getName() + " does not run");
  }

  void requestStop() {
    stop.countDown();
  }

  void awaitEnd() {
    try {
      if (!thread.join(STOP_LIMIT)) {
        log.atWarn().addKeyValue("thread", thread.getName()).log("does not end; interrupting it");
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!isStopped(Duration.ZERO)) {
        runConsumer();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs one consumer to its end: the stop, or a failure that it does not recover from. */
  private void runConsumer() throws InterruptedException {
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      MirrorLoop loop = loops.apply(consumer, status);
      loop.subscribe(topics);
      while (!isStopped(Duration.ZERO)) {
        loop.step();
      }
      loop.finish();
    } catch (InterruptException e) {
      throw new InterruptedException(e.getMessage());
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("thread", Thread.currentThread().getName())
          .setCause(e)
          .log("the consumer failed; going on with a new one from what is stored");
      status.waiting("the consumer failed: " + Causes.rootMessage(e));
      var _ = isStopped(backoff.next());
    }
  }

  private boolean isStopped(Duration wait) throws InterruptedException {
    return stop.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }
}
