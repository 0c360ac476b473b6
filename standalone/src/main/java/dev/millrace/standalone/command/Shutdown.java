package dev.millrace.standalone.command;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Waits for the signal to stop, and holds the JVM until everything is stopped. */
public final class Shutdown {

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private @Nullable Thread worker;

  private Shutdown() {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::hold));
  }

  /** From now on, the signal to stop no longer ends the JVM before {@link #done}. */
  public static Shutdown awaited() {
    return new Shutdown();
  }

  /** What the signal does. */
  void hold() {
    asked.countDown();
    breakOff();
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Does something that the signal breaks off.
   *
   * @throws InterruptedException if the signal came before it was done
   */
  public <T> T unlessAsked(Callable<T> work) throws Exception {
    begin();
    try {
      return work.call();
    } catch (Exception e) {
      if (asked.getCount() == 0) {
        // Whatever it failed with: it was broken off.
        InterruptedException stopped = new InterruptedException("asked to stop");
        stopped.initCause(e);
        throw stopped;
      }
      throw e;
    } finally {
      end();
    }
  }

  private synchronized void begin() throws InterruptedException {
    if (asked.getCount() == 0) {
      throw new InterruptedException("asked to stop");
    }
    worker = Thread.currentThread();
  }

  private synchronized void breakOff() {
    if (worker != null) {
      worker.interrupt();
    }
  }

  /** What comes afterwards is not broken off. */
  private synchronized void end() {
    worker = null;
    boolean _ = Thread.interrupted();
  }

  public void await() throws InterruptedException {
    asked.await();
  }

  public void done() {
    finished.countDown();
  }
}
