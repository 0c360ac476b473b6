package dev.millrace.health.flow;

import dev.millrace.schemas.event.EventContext;
import java.time.Instant;

/**
 * What an agent gets to know of an event beside its value.
 *
 * @param event who it is, and which trace it is in
 * @param at when it happened: the timestamp of its record
 * @param receivedAt when the app got to know, by its own clock
 */
public record EventMetadata(EventContext event, Instant at, Instant receivedAt) {

  /** An identity that always is the same for this event and name. */
  public String derive(String name) {
    return event.id().derive(name).value();
  }
}
