package dev.millrace.runtime.app;

/**
 * A part of an app that is started and stopped with it.
 *
 * <p>{@link #start} returns when the part works, and may wait for what it needs; it is interrupted
 * when the app is stopped meanwhile. {@link #stop} returns when what was in flight is finished or
 * handed back; it is called once, also after a {@code start} that failed.
 */
public interface Component {

  void start() throws InterruptedException;

  void stop();

  /** A part that needs no start. */
  static Component closing(AutoCloseable closeable) {
    return new Component() {
      @Override
      public void start() {}

      @Override
      public void stop() {
        try {
          closeable.close();
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException("could not close " + closeable, e);
        }
      }
    };
  }

  /** A step that is done at start and needs no stop. */
  static Component step(Step step) {
    return new Component() {
      @Override
      public void start() throws InterruptedException {
        step.run();
      }

      @Override
      public void stop() {}
    };
  }

  /** What a {@link #step} does. */
  @FunctionalInterface
  interface Step {
    void run() throws InterruptedException;
  }
}
