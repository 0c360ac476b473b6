package dev.millrace.learning.signal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.validation.InvalidEventException;
import java.util.ArrayList;
import java.util.List;
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
   * Reads the data of a signal. Agents may say what they like: of what is no object, and of fields
   * of other types than these, nothing is used.
   *
   * @throws InvalidEventException unless it is JSON
   */
  public static SignalContent parse(String data) {
    JsonNode json = read(data);
    return new SignalContent(
        text(json.path("focus"), MAX_FOCUS_LENGTH),
        steps(json.path("steps")),
        text(json.path("notes"), MAX_NOTES_LENGTH));
  }

  private static JsonNode read(String data) {
    try {
      return JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw new InvalidEventException("data: expected JSON, found text that is not JSON");
    }
  }

  private static @Nullable String text(JsonNode value, int maxLength) {
    String text = value.isTextual() ? oneLine(value.textValue(), maxLength) : "";
    return text.isEmpty() ? null : text;
  }

  private static List<String> steps(JsonNode list) {
    List<String> steps = new ArrayList<>();
    for (JsonNode step : list.isArray() ? list : MissingNode.getInstance()) {
      String text = text(step, MAX_STEP_LENGTH);
      if (text != null && steps.size() < MAX_STEPS) {
        steps.add(text);
      }
    }
    return steps;
  }

  /** Agents are outsiders: their text stays on its line and within its length. */
  private static String oneLine(String text, int maxLength) {
    return Texts.shorten(text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip(), maxLength);
  }
}
