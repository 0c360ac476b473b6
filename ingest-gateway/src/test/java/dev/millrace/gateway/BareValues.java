package dev.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.gateway.deadletter.RecordValues;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Values that are their JSON; an object with a field {@code bad} fits no schema. */
final class BareValues implements RecordValues {

  @Override
  public JsonNode decode(String topic, byte[] value) throws UnreadableException {
    try {
      return Json.read(new String(value, UTF_8));
    } catch (JacksonException e) {
      throw new UnreadableException("the bytes are no JSON");
    }
  }

  @Override
  public byte[] encode(String topic, JsonNode value) {
    if (value.has("bad")) {
      throw ProblemException.invalid("/value/bad", "is no field of " + topic);
    }
    return value.toString().getBytes(UTF_8);
  }
}
