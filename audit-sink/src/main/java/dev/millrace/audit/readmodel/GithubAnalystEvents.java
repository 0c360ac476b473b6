package dev.millrace.audit.readmodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.EventNames;
import dev.millrace.schemas.github.GithubEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a webhook delivery means to an analyst: the delivery, and each commit of a push. */
final class GithubAnalystEvents {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private GithubAnalystEvents() {}

  static List<AnalystEvent> of(GithubEvent event, EventId id) {
    JsonNode payload = payload(event);
    List<AnalystEvent> events = new ArrayList<>();
    events.add(delivery(event, payload));
    if (event.getEvent().equals("push")) {
      for (JsonNode commit : payload.path("commits")) {
        events.add(commit(event, commit, id));
      }
    }
    return events;
  }

  private static AnalystEvent delivery(GithubEvent event, JsonNode payload) {
    JsonNode item = item(event.getEvent(), payload);
    Details data =
        new Details()
            .put("delivery_id", event.getDeliveryId())
            .put("event", event.getEvent())
            .put("action", event.getAction())
            .put("repository", event.getRepository())
            .put("sender", event.getSender())
            .put("ref", event.getRef())
            .put("before", text(payload, "before"))
            .put("after", text(payload, "after"))
            .put("number", number(item))
            .put("title", title(item))
            .put("url", text(item, "html_url"));
    if (payload.path("commits").isArray()) {
      data.put("commits", payload.path("commits").size());
    }
    return AnalystEvent.of(
        EventNames.ofDelivery(event.getEvent()),
        event.getRepository(),
        data,
        event.getReceivedAt());
  }

  /** What a delivery is about: a pull request, an issue, else what the event is named after. */
  private static JsonNode item(String event, JsonNode payload) {
    return Stream.of("pull_request", "issue", event)
        .map(payload::path)
        .filter(JsonNode::isObject)
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  private static @Nullable Integer number(JsonNode item) {
    return Stream.of("number", "run_number")
        .map(item::path)
        .filter(JsonNode::isInt)
        .map(JsonNode::asInt)
        .findFirst()
        .orElse(null);
  }

  /** Releases and checks have a name; a release without one has its tag. */
  private static @Nullable String title(JsonNode item) {
    return Stream.of("title", "display_title", "name", "tag_name")
        .map(field -> text(item, field))
        .filter(Objects::nonNull)
        .filter(title -> !title.isBlank())
        .findFirst()
        .orElse(null);
  }

  private static AnalystEvent commit(GithubEvent event, JsonNode commit, EventId id) {
    String sha = commit.path("id").asText();
    Details data =
        new Details()
            .put("repository", event.getRepository())
            .put("ref", event.getRef())
            .put("sha", sha)
            .put("message", text(commit, "message"))
            .put("author", text(commit.path("author"), "name"))
            .put("url", text(commit, "url"))
            .list("added", texts(commit.path("added")))
            .list("modified", texts(commit.path("modified")))
            .list("removed", texts(commit.path("removed")));
    return AnalystEvent.of(EventNames.COMMIT, event.getRepository(), data, event.getReceivedAt())
        .identity(id.derive("commit/" + sha).value());
  }

  /** The payload was checked at the edge; one that an outside producer wrote may be anything. */
  private static JsonNode payload(GithubEvent event) {
    try {
      return MAPPER.readTree(event.getPayload());
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isTextual() ? value.asText() : null;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }
}
