package dev.millrace.learning.signal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.streams.InvalidEventException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a signal that plans use, in bounded length; the rest is left on the topic.
 *
 * @param focus what the day should be about
 * @param steps what to do
 * @param notes advice in a sentence or two
 */
public record SignalContent(@Nullable String focus, List<String> steps, @Nullable String notes) {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_FOCUS_LENGTH = 120;
  private static final int MAX_STEP_LENGTH = 200;
  private static final int MAX_NOTES_LENGTH = 500;
  private static final int MAX_STEPS = 8;

  public static final SignalContent EMPTY = new SignalContent(null, List.of(), null);

  public SignalContent {
    steps = List.copyOf(steps);
  }

  /**
   * Reads the data of a signal.
   *
   * @throws InvalidEventException unless it is a JSON object in which {@code focus}, {@code steps}
   *     and {@code notes} have the right types
   */
  public static SignalContent parse(String data) {
    JsonNode json = read(data);
    if (!json.isObject()) {
      throw new InvalidEventException("data: expected a JSON object, found " + kind(json));
    }
    return new SignalContent(
        text(json, "focus", MAX_FOCUS_LENGTH), steps(json), text(json, "notes", MAX_NOTES_LENGTH));
  }

  private static JsonNode read(String data) {
    try {
      return JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw new InvalidEventException("data: expected a JSON object, found text that is not JSON");
    }
  }

  private static @Nullable String text(JsonNode json, String field, int maxLength) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new InvalidEventException("data." + field + ": expected text, found " + kind(value));
    }
    String text = oneLine(value.textValue(), maxLength);
    return text.isEmpty() ? null : text;
  }

  private static List<String> steps(JsonNode json) {
    JsonNode value = json.path("steps");
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw new InvalidEventException("data.steps: expected a list, found " + kind(value));
    }
    List<String> steps = new ArrayList<>();
    for (JsonNode step : value) {
      if (!step.isTextual()) {
        throw new InvalidEventException("data.steps: expected texts, found " + kind(step));
      }
      String text = oneLine(step.textValue(), MAX_STEP_LENGTH);
      if (!text.isEmpty() && steps.size() < MAX_STEPS) {
        steps.add(text);
      }
    }
    return steps;
  }

  /** Agents are outsiders: their text stays on its line and within its length. */
  private static String oneLine(String text, int maxLength) {
    return Texts.shorten(text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip(), maxLength);
  }

  private static String kind(JsonNode json) {
    return json.isMissingNode() ? "nothing" : json.getNodeType().name().toLowerCase(Locale.ROOT);
  }
}
