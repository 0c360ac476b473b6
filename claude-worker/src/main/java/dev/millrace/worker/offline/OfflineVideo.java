package dev.millrace.worker.offline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.worker.agent.AgentRun;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the offline agent says as the writer and the director of a video: the sentences of the
 * request, one for each scene, and a shot for each scene. It adds no words of its own but the
 * label.
 */
final class OfflineVideo {

  private static final String LABEL = "offline: the words of the request, laid out without a model";
  private static final String MATERIAL = "material";
  private static final int MAX_SCENES = 6;
  private static final int MAX_TEXT = 500;
  private static final int MAX_TITLE = 100;
  private static final int MAX_TAGS = 5;
  private static final int SHORTEST_TAG = 4;
  private static final int SECONDS = 5;
  private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s+|\\R+");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final ObjectMapper JSON = new ObjectMapper();

  private OfflineVideo() {}

  /** The answer as writer or director; empty in any other role. */
  static Optional<String> answer(AgentRun run) {
    return switch (run.role().orElse("")) {
      case "writer" -> Optional.of(script(run.description()));
      case "director" -> Optional.of(storyboard(run.attribute(MATERIAL).orElse("")));
      default -> Optional.empty();
    };
  }

  private static String script(String request) {
    List<String> sentences =
        SENTENCE_END
            .splitAsStream(request)
            .map(OfflineVideo::line)
            .filter(sentence -> !sentence.isEmpty())
            .limit(MAX_SCENES)
            .toList();
    ObjectNode script =
        JsonNodeFactory.instance
            .objectNode()
            .put("title", Texts.shorten(sentences.getFirst(), MAX_TITLE))
            .put("description", LABEL);
    ArrayNode tags = script.putArray("tags");
    Arrays.stream(NO_WORD.split(request.toLowerCase(Locale.ROOT)))
        .filter(word -> word.length() >= SHORTEST_TAG && word.length() <= MAX_TITLE)
        .distinct()
        .limit(MAX_TAGS)
        .forEach(tags::add);
    ArrayNode scenes = script.putArray("scenes");
    sentences.forEach(sentence ->
        scenes
            .addObject()
            .put("narration", Texts.shorten(sentence, MAX_TEXT))
            .put("visual", Texts.shorten(sentence, MAX_TEXT)));
    return script.toString();
  }

  /** A shot for each scene; none where there is no script, which the schema then refuses. */
  private static String storyboard(String script) {
    ObjectNode storyboard = JsonNodeFactory.instance.objectNode();
    ArrayNode shots = storyboard.putArray("shots");
    int number = 0;
    for (JsonNode scene : scenes(script)) {
      String visual = Texts.shorten(line(scene.path("visual").asText()), MAX_TEXT);
      shots
          .addObject()
          .put("scene", ++number)
          .put("image_prompt", visual)
          .put("motion_prompt", visual)
          .put("duration_seconds", SECONDS);
    }
    return storyboard.toString();
  }

  private static JsonNode scenes(String script) {
    try {
      return JSON.readTree(script).path("scenes");
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.arrayNode();
    }
  }

  private static String line(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
