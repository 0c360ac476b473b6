package dev.millrace.router.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.router.queue.QueueEvent;
import dev.millrace.runtime.failure.Texts;

/** What agents answer, as people want to read it. */
final class Answers {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Answers() {}

  /** The summary of an answer that is JSON and has one, else all of it; shortened for a reason. */
  static String summary(String answer) {
    return Texts.shorten(wholeSummary(answer), QueueEvent.MAX_REASON_LENGTH);
  }

  private static String wholeSummary(String answer) {
    try {
      JsonNode summary = JSON.readTree(answer).path("summary");
      return summary.isTextual() ? summary.asText() : answer;
    } catch (JsonProcessingException e) {
      return answer; // it is for people already
    }
  }
}
