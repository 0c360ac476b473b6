package dev.millrace.runtime.share;

import dev.millrace.runtime.validation.InvalidEventException;

/**
 * What a worker does with a delivery.
 *
 * <p>When {@link #process} returns, the delivery is accepted and never comes again. When it throws
 * {@link WorkRejectedException} or {@link InvalidEventException}, the record goes to the dead
 * letters with the reason. When it throws anything else, the delivery is released and comes again,
 * to this worker or another, up to the limit of deliveries; then the record goes to the dead
 * letters. While it runs, its lock is renewed; if the process dies, the delivery comes again when
 * the lock expires. It is interrupted when the worker stops and its grace is over, and when the
 * lock is lost; the delivery comes again then, so end soon.
 *
 * <p>{@link #givenUp} is told of a record that used up its deliveries, in {@link #process} or in
 * processes that died, after it went to the dead letters.
 *
 * <p>It runs on a virtual thread and may block. The same delivery may come twice: the effects must
 * be idempotent.
 */
@FunctionalInterface
public interface Work<T> {

  void process(Delivery<T> delivery) throws InterruptedException;

  /**
   * Says to whoever waits for the work that it will not be done. If nothing can be written it is
   * told again.
   *
   * @param reason what the dead letter says
   */
  default void givenUp(Delivery<T> delivery, String reason) throws InterruptedException {}
}
