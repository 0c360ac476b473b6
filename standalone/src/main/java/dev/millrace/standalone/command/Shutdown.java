package dev.millrace.standalone.command;

import java.util.concurrent.CountDownLatch;

/** Waits for the signal to stop, and holds the JVM until everything is stopped. */
public final class Shutdown {

  private final Runnable whenAsked;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);

  private Shutdown(Runnable whenAsked) {
    this.whenAsked = whenAsked;
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::hold));
  }

  /** For a command that does nothing but wait for the signal. */
  static Shutdown awaited() {
    return new Shutdown(() -> {});
  }

  /** For a command that is at work when the signal comes. */
  public static Shutdown interrupting(Thread worker) {
    return new Shutdown(worker::interrupt);
  }

  private void hold() {
    asked.countDown();
    whenAsked.run();
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void await() throws InterruptedException {
    asked.await();
  }

  public void done() {
    finished.countDown();
  }
}
