package dev.millrace.worker.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.repositories.FileChange;
import dev.millrace.repositories.FileChange.Delete;
import dev.millrace.repositories.FileChange.Mode;
import dev.millrace.repositories.FileChange.Write;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Records of runs as JSON. */
final class RunRecordJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RunRecordJson() {}

  static String write(RunRecord run) {
    ObjectNode root = JSON.createObjectNode();
    switch (run.result()) {
      case Completed completed -> writeCompleted(root.putObject("completed"), completed);
      case Failed failed -> writeFailed(root.putObject("failed"), failed);
    }
    ArrayNode usages = root.putArray("usages");
    for (TokenUsage usage : run.usages()) {
      usages
          .addObject()
          .put("model", usage.model())
          .put("input_tokens", usage.inputTokens())
          .put("output_tokens", usage.outputTokens())
          .put("cache_read_tokens", usage.cacheReadTokens())
          .put("cache_write_tokens", usage.cacheWriteTokens());
    }
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }

  private static void writeCompleted(ObjectNode node, Completed completed) {
    node.put("text", completed.text()).put("model", completed.model());
    ArrayNode files = node.putArray("files");
    for (ResultFile file : completed.files()) {
      ObjectNode written = files.addObject().put("path", file.path());
      switch (file.change()) {
        case Write write -> written.put("content", write.text()).put("mode", write.mode().name());
        case Delete _ -> written.put("deleted", true);
      }
    }
  }

  private static void writeFailed(ObjectNode node, Failed failed) {
    AgentFailure failure = failed.failure();
    node.put("code", failure.code())
        .put("message", failure.message())
        .put("retryable", failure.retryable())
        .put(
            "retry_after_ms", failure.retryAfter() == null ? null : failure.retryAfter().toMillis())
        .put("exit_code", failed.exitCode());
  }

  static RunRecord read(String json) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the journal holds a result that is not JSON", e);
    }
    List<TokenUsage> usages = new ArrayList<>();
    for (JsonNode usage : root.path("usages")) {
      usages.add(
          new TokenUsage(
              usage.path("model").asText(),
              usage.path("input_tokens").asLong(),
              usage.path("output_tokens").asLong(),
              usage.path("cache_read_tokens").asLong(),
              usage.path("cache_write_tokens").asLong()));
    }
    return new RunRecord(readResult(root), usages);
  }

  private static FileChange readChange(JsonNode file) {
    return file.path("deleted").asBoolean()
        ? new Delete()
        : new Write(file.path("content").asText(), readMode(file));
  }

  /** Records of earlier versions say only whether a file becomes executable. */
  private static Mode readMode(JsonNode file) {
    return file.has("mode")
        ? Mode.valueOf(file.path("mode").asText())
        : file.path("executable").asBoolean() ? Mode.EXECUTABLE : Mode.KEPT;
  }

  private static AgentResult readResult(JsonNode root) {
    if (root.has("completed")) {
      JsonNode completed = root.path("completed");
      List<ResultFile> files = new ArrayList<>();
      for (JsonNode file : completed.path("files")) {
        files.add(new ResultFile(file.path("path").asText(), readChange(file)));
      }
      return new Completed(
          completed.path("text").asText(), files, completed.path("model").textValue());
    }
    JsonNode failed = root.required("failed");
    JsonNode retryAfter = failed.path("retry_after_ms");
    JsonNode exitCode = failed.path("exit_code");
    return new Failed(
        new AgentFailure(
            failed.path("code").asText(),
            failed.path("message").asText(),
            failed.path("retryable").asBoolean(),
            retryAfter.isNumber() ? Duration.ofMillis(retryAfter.asLong()) : null),
        exitCode.isNumber() ? exitCode.asInt() : null);
  }
}
