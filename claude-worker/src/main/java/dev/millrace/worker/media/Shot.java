package dev.millrace.worker.media;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A shot of a storyboard.
 *
 * @param number its place, from 1
 * @param imagePrompt what its picture shows
 * @param motionPrompt what moves, and how
 * @param seconds how long it lasts: 5 or 10
 */
record Shot(int number, String imagePrompt, String motionPrompt, int seconds) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Shots of a storyboard at most; its schema says so too. */
  private static final int MAX_SHOTS = 12;

  /** Reads a storyboard; empty if it is none. */
  static Optional<List<Shot>> allOf(String storyboard) {
    JsonNode shots;
    try {
      shots = JSON.readTree(storyboard).path("shots");
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    if (!shots.isArray() || shots.isEmpty() || shots.size() > MAX_SHOTS) {
      return Optional.empty();
    }
    List<Shot> all = new ArrayList<>();
    for (JsonNode shot : shots) {
      String image = shot.path("image_prompt").asText();
      String motion = shot.path("motion_prompt").asText();
      int seconds = shot.path("duration_seconds").asInt();
      if (image.isBlank() || motion.isBlank() || (seconds != 5 && seconds != 10)) {
        return Optional.empty();
      }
      all.add(new Shot(all.size() + 1, image, motion, seconds));
    }
    return Optional.of(List.copyOf(all));
  }
}
