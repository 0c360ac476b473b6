package dev.millrace.router.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The result of a flow that completed, as JSON. */
final class FlowResult {

  private static final ObjectMapper JSON = new ObjectMapper();

  private FlowResult() {}

  static String of(Flow flow) {
    return flow.video().media() == null ? change(flow) : video(flow, flow.video());
  }

  /** The parts of a video, each with whether it was made offline, and whether any was. */
  private static String video(Flow flow, Flow.Video video) {
    ObjectNode parts = JsonNodeFactory.instance.objectNode();
    parts.set("script", part(video.script()));
    parts.set("storyboard", part(video.storyboard()));
    parts.set("media", part(video.media()));
    boolean offline = parts.findValues("offline").stream().anyMatch(JsonNode::asBoolean);
    ObjectNode result =
        JsonNodeFactory.instance
            .objectNode()
            .put("text", parts.path("script").path("title").asText("done"))
            .put("offline", offline)
            .put("agents_started", flow.progress().steps());
    return result.setAll(parts).toString();
  }

  private static JsonNode part(@Nullable String json) {
    try {
      return json == null ? NullNode.getInstance() : JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a flow keeps only parts that were read as JSON", e);
    }
  }

  private static String change(Flow flow) {
    Flow.Change change = flow.change();
    ObjectNode result =
        JsonNodeFactory.instance
            .objectNode()
            .put("text", change.findings() == null ? "done" : change.findings())
            .put("agents_started", flow.progress().steps())
            .put("rounds", flow.progress().rounds());
    if (change.sha() != null) {
      result.put("commit_sha", change.sha()).put("branch", change.branch());
    }
    if (change.pullRequest() != null) {
      result.put("pull_request", change.pullRequest());
    }
    if (change.url() != null) {
      result.put("github_url", change.url());
    }
    return result.toString();
  }
}
