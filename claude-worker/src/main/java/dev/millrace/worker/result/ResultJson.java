package dev.millrace.worker.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.repositories.FileChange.Delete;
import dev.millrace.repositories.FileChange.Write;
import dev.millrace.runtime.redaction.Redaction;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.Provider;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a completed run as JSON: {@code provider}, {@code offline}, {@code model}, {@code
 * text}, {@code files} with path and size, or {@code deleted}, and {@code commit_sha} with {@code
 * github_url} when something was committed.
 */
public final class ResultJson {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CUT = "\n… [cut: the result is longer than 1 MB]";

  private ResultJson() {}

  /**
   * The result of a run.
   *
   * @param extras further fields: {@code answer}, JSON that fits the run's schema, {@code
   *     pull_request} with number and url, {@code review} of a pull request, {@code merged} with
   *     sha
   */
  public static String of(
      Provider provider, Completed completed, Optional<Commit> commit, Map<String, String> extras) {
    ObjectNode result = JSON.createObjectNode();
    result.put("provider", provider.code());
    result.put("offline", provider == Provider.OFFLINE);
    if (completed.model() != null) {
      result.put("model", completed.model());
    }
    result.put("text", Redaction.redact(shorten(completed.text())));
    ArrayNode files = result.putArray("files");
    for (ResultFile file : completed.files()) {
      ObjectNode node = files.addObject().put("path", file.path());
      switch (file.change()) {
        case Write(String text, _) ->
            node.put("bytes", text.getBytes(StandardCharsets.UTF_8).length);
        case Delete _ -> node.put("deleted", true);
      }
    }
    commit.ifPresent(made -> {
      result.put("commit_sha", made.getSha());
      result.put("branch", made.getBranch());
      result.put("github_url", made.getUrl());
    });
    try {
      for (Map.Entry<String, String> extra : extras.entrySet()) {
        result.set(extra.getKey(), JSON.readTree(Redaction.redact(extra.getValue())));
      }
      return JSON.writeValueAsString(result);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }

  private static String shorten(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= AgentResult.MAX_BYTES) {
      return text;
    }
    int end = AgentResult.MAX_BYTES;
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + CUT;
  }
}
