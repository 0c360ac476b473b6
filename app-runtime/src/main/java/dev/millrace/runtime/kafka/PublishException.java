package dev.millrace.runtime.kafka;

import dev.millrace.runtime.failure.Outage;
import dev.millrace.schemas.catalogue.Topic;

/** An event was not acknowledged: it may or may not be on its topic. */
public final class PublishException extends RuntimeException implements Outage {

  private static final long serialVersionUID = 1L;

  PublishException(Topic<?> topic, Throwable cause) {
    super("could not write to " + topic + ": " + cause.getMessage(), cause);
  }
}
