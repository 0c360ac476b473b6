package dev.millrace.gateway.event;

import dev.millrace.runtime.failure.Causes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waiting until events are durable. */
public final class Acknowledgement {

  private Acknowledgement() {}

  /**
   * Waits for all of them.
   *
   * @throws dev.millrace.runtime.kafka.PublishException if one was not acknowledged
   */
  public static void await(CompletableFuture<?>... written) throws InterruptedException {
    try {
      // As one: to wait for each in turn would wake the thread up as often.
      CompletableFuture.allOf(written).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(Causes.unwrap(e));
    }
  }
}
