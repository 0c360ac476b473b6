package dev.millrace.worker.inhouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.runtime.redaction.Redaction;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads and checks what the in-house agent answered.
 *
 * @param target file that its text becomes when it names no files itself
 */
record InhouseAnswer(Optional<String> target, RunReporter reporter) {

  private static final ObjectMapper JSON = new ObjectMapper();

  AgentResult read(byte[] body) {
    JsonNode answer;
    try {
      answer = JSON.readTree(body);
    } catch (IOException e) {
      return malformed("not JSON: " + Redaction.redact(String.valueOf(e.getMessage())));
    }
    JsonNode text = answer.path("text");
    if (!text.isTextual()) {
      return malformed("expected the text of the answer as \"text\"");
    }
    if (text.textValue().getBytes(StandardCharsets.UTF_8).length > AgentResult.MAX_BYTES) {
      return new AgentResult.Failed(InhouseAgent.API.tooLarge());
    }
    Optional<List<ResultFile>> files = files(answer.path("files"), text.textValue());
    if (files.isEmpty()) {
      return malformed("expected \"files\" as a list of {\"path\", \"content\"}");
    }
    String model = answer.path("model").asText("");
    reportUsage(answer.path("usage"), model);
    return new AgentResult.Completed(text.textValue(), files.get(), model.isEmpty() ? null : model);
  }

  private Optional<List<ResultFile>> files(JsonNode node, String text) {
    if (node.isMissingNode() || node.isNull()) {
      return Optional.of(target.map(path -> List.of(new ResultFile(path, text))).orElse(List.of()));
    }
    if (!node.isArray()) {
      return Optional.empty();
    }
    List<ResultFile> files = new ArrayList<>();
    for (JsonNode file : node) {
      if (!file.path("path").isTextual() || !file.path("content").isTextual()) {
        return Optional.empty();
      }
      files.add(new ResultFile(file.path("path").textValue(), file.path("content").textValue()));
    }
    return Optional.of(files);
  }

  private void reportUsage(JsonNode usage, String model) {
    if (usage.isObject()) {
      reporter.usage(
          new TokenUsage(
              model,
              usage.path("input_tokens").asLong(),
              usage.path("output_tokens").asLong(),
              0,
              0));
    }
  }

  private static AgentResult malformed(String found) {
    return new AgentResult.Failed(InhouseAgent.API.malformed(found));
  }
}
