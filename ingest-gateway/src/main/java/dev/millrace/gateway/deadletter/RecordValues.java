package dev.millrace.gateway.deadletter;

import tools.jackson.databind.JsonNode;

/** Values of records as people read and write them. */
public interface RecordValues {

  /**
   * A value as JSON.
   *
   * @throws UnreadableException if it cannot be decoded, with the reason
   */
  JsonNode decode(String topic, byte[] value) throws UnreadableException;

  /**
   * JSON as a value of a topic, in its newest schema.
   *
   * @throws dev.millrace.gateway.http.ProblemException 400 if it does not fit, naming the field;
   *     422 if the topic has no schema
   */
  byte[] encode(String topic, JsonNode value);

  /** A value cannot be decoded. */
  final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreadableException(String message) {
      super(message);
    }
  }
}
