package dev.millrace.router.workflow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The result of a flow that completed, as JSON. */
final class FlowResult {

  private FlowResult() {}

  static String of(Flow flow) {
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
