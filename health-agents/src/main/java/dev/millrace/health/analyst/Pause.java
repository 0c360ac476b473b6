package dev.millrace.health.analyst;

import java.time.Duration;

/** Waits. */
@FunctionalInterface
interface Pause {

  void of(Duration duration) throws InterruptedException;
}
