package dev.millrace.repositories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.repositories.FakeGitHub.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Behaves like a pull request on GitHub, number 7, as far as reviewing it goes. */
final class FakePullRequest {

  /** Account that the token belongs to. */
  static final String LOGIN = "millrace-bot";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Account that opened it. */
  volatile String author = "octocat";

  /** Its diff. */
  volatile String diff = "";

  /** Whether the diff is longer than GitHub sends in one piece. */
  volatile boolean tooLong;

  private final List<ObjectNode> reviews = new ArrayList<>();

  /** The reviews that it has, as GitHub was asked for them. */
  synchronized List<JsonNode> reviews() {
    return List.copyOf(reviews);
  }

  /** A review that somebody wrote. */
  synchronized void reviewed(String login, String body) {
    ObjectNode review =
        MAPPER
            .createObjectNode()
            .put("state", "COMMENTED")
            .put("body", body)
            .put("html_url", "https://github.example/acme/site/pull/7#" + reviews.size());
    review.putObject("user").put("login", login);
    reviews.add(review);
  }

  synchronized Reply answer(String path, boolean asDiff, JsonNode body) {
    if (path.startsWith("/compare/")) {
      return compared(asDiff);
    }
    return switch (path) {
      case "/pulls/7" -> FakeGitHub.ok(description());
      case "/pulls/7/reviews" -> body.isMissingNode() ? page() : review(body);
      default -> FakeGitHub.notFound();
    };
  }

  private Reply compared(boolean asDiff) {
    if (!asDiff) {
      ObjectNode comparison = MAPPER.createObjectNode();
      ArrayNode files = comparison.putArray("files");
      files
          .addObject()
          .put("filename", "docs/guide.md")
          .put("status", "modified")
          .put("patch", "@@ -1 +1,2 @@\n # Guide\n+More");
      files.addObject().put("filename", "sail.png").put("status", "added");
      return FakeGitHub.ok(comparison);
    }
    return tooLong
        ? FakeGitHub.failed(406, "Sorry, the diff exceeded the maximum number of lines (20000)")
        : new Reply(200, Map.of(), diff);
  }

  private ObjectNode description() {
    ObjectNode description =
        MAPPER
            .createObjectNode()
            .put("number", 7)
            .put("title", "Fix it")
            .put("state", "open")
            .put("html_url", "https://github.example/acme/site/pull/7");
    description.putObject("user").put("login", author);
    description.putObject("head").put("ref", "fix").put("sha", "s1");
    description.putObject("base").put("ref", "main");
    return description;
  }

  private Reply page() {
    ArrayNode page = MAPPER.createArrayNode();
    reviews.forEach(page::add);
    return FakeGitHub.ok(page);
  }

  private Reply review(JsonNode asked) {
    String event = asked.path("event").asText();
    if (author.equals(LOGIN) && !event.equals("COMMENT")) {
      return FakeGitHub.failed(422, "Can not judge your own pull request");
    }
    for (JsonNode comment : asked.path("comments")) {
      if (!diff.contains("+++ b/" + comment.path("path").asText())) {
        return FakeGitHub.failed(422, "line must be part of the diff");
      }
    }
    ObjectNode review = asked.deepCopy();
    review.put("state", state(event)).put("html_url", "https://github.example/review");
    review.putObject("user").put("login", LOGIN);
    reviews.add(review);
    return FakeGitHub.ok(review);
  }

  private static String state(String event) {
    return switch (event) {
      case "APPROVE" -> "APPROVED";
      case "REQUEST_CHANGES" -> "CHANGES_REQUESTED";
      default -> "COMMENTED";
    };
  }
}
