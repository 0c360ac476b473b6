package dev.millrace.gateway.stream;

import dev.millrace.runtime.config.Environment;

/**
 * Limits of the live stream.
 *
 * @param maxClients clients at the same time, at most
 * @param bufferedEvents events that a client may be behind before it is disconnected
 */
public record StreamConfig(int maxClients, int bufferedEvents) {

  private static final int DEFAULT_MAX_CLIENTS = 256;
  private static final int DEFAULT_BUFFERED_EVENTS = 1_000;
  private static final int DEFAULT_LEARNERS = 2_000;

  /** A learner has a few plans a day. */
  private static final int BUFFERED_PLANS = 16;

  public static StreamConfig from(Environment environment) {
    return new StreamConfig(
        environment.integer("GATEWAY_STREAM_CLIENTS", DEFAULT_MAX_CLIENTS, 1, 100_000),
        environment.integer("GATEWAY_STREAM_BUFFER", DEFAULT_BUFFERED_EVENTS, 1, 1_000_000));
  }

  /** Limits of the streams of learners. */
  public static StreamConfig ofLearners(Environment environment) {
    return new StreamConfig(
        environment.integer("GATEWAY_LEARNER_STREAMS", DEFAULT_LEARNERS, 1, 100_000),
        BUFFERED_PLANS);
  }
}
