package dev.millrace.gateway.stream;

/**
 * An event on its way to the clients of a live stream.
 *
 * @param channel what clients choose by: the topic it is from, or the learner it is for
 * @param frame the server-sent event
 */
public record LiveEvent(String channel, String frame) {

  /**
   * Makes the server-sent event of a record, named after its topic.
   *
   * @param position place on Kafka
   * @param json one line of JSON
   */
  static LiveEvent of(String topic, String position, String json) {
    return new LiveEvent(topic, "id: " + position + '\n' + frame(topic, json));
  }

  /**
   * Makes a server-sent event.
   *
   * @param name name of the server-sent event
   * @param json one line of JSON
   */
  public static LiveEvent named(String channel, String name, String json) {
    return new LiveEvent(channel, frame(name, json));
  }

  private static String frame(String name, String json) {
    return "event: " + name + "\ndata: " + json + "\n\n";
  }
}
