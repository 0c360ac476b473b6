package dev.millrace.embedding.consumer;

import dev.millrace.schemas.event.EventContext;

/**
 * What is done with an event of a topic that is read in order.
 *
 * <p>When {@link #handle} returns, the event is done. When it throws an {@code
 * UnavailableException}, or what it writes is not acknowledged, the event is tried again, and those
 * behind it wait. When it throws anything else, the event goes to the dead letters with the reason.
 * The same event may come twice: the effects must be idempotent.
 */
@FunctionalInterface
public interface EventHandler<T> {

  void handle(T event, EventContext context) throws InterruptedException;
}
