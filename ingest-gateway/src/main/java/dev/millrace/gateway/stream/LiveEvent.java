package dev.millrace.gateway.stream;

/**
 * An event on its way to the clients of the live stream.
 *
 * @param topic topic it is from; the name of the server-sent event
 * @param frame the server-sent event
 */
record LiveEvent(String topic, String frame) {

  /**
   * Makes the server-sent event.
   *
   * @param position place on Kafka
   * @param json one line of JSON
   */
  static LiveEvent of(String topic, String position, String json) {
    return new LiveEvent(
        topic, "id: " + position + "\nevent: " + topic + "\ndata: " + json + "\n\n");
  }
}
