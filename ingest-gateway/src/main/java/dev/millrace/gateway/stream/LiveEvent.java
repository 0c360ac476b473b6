package dev.millrace.gateway.stream;

import org.jspecify.annotations.Nullable;

/**
 * An event on its way to the clients of a live stream.
 *
 * @param channel what clients choose by: the topic it is from, or the learner it is for
 * @param name name of the server-sent event
 * @param position place on Kafka, which is the id of the server-sent event; null for an event that
 *     has none
 * @param json one line of JSON: the event as a message of a WebSocket
 */
public record LiveEvent(String channel, String name, @Nullable String position, String json) {

  /** An event of a topic, named after it. */
  public static LiveEvent of(String topic, String position, String json) {
    return new LiveEvent(topic, topic, position, json);
  }

  /** An event of a name of its own, without a place. */
  public static LiveEvent named(String channel, String name, String json) {
    return new LiveEvent(channel, name, null, json);
  }

  /** The event as a server-sent one. */
  String frame() {
    String id = position == null ? "" : "id: " + position + '\n';
    return id + "event: " + name + "\ndata: " + json + "\n\n";
  }
}
