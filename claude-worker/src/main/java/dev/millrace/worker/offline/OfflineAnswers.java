package dev.millrace.worker.offline;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What the offline agent says in a role of the development workflow. It reads and extracts, so it
 * can lay material out as a plan; it cannot judge, so it never decides.
 */
final class OfflineAnswers {

  private static final String NO_JUDGEMENT =
      "offline: no model is configured, so nobody judged this; a person has to";

  private OfflineAnswers() {}

  /** The answer in a role that needs no files read; empty for all others. */
  static Optional<String> undecided(String role) {
    return switch (role) {
      case "reviewer", "deployer", "verifier" ->
          Optional.of(
              JsonNodeFactory.instance
                  .objectNode()
                  .put("verdict", "undecided")
                  .put("summary", NO_JUDGEMENT)
                  .toString());
      case "auditor" -> {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("summary", NO_JUDGEMENT);
        answer.putArray("findings");
        yield Optional.of(answer.toString());
      }
      default -> Optional.empty();
    };
  }

  /** The starter's answer: what was found about the task. */
  static String plan(String document) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("next", "coding")
        .put("plan", document)
        .toString();
  }
}
