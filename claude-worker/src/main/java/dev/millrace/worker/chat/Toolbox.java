package dev.millrace.worker.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.repositories.RepositoryException;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.redaction.Redaction;
import dev.millrace.schemas.agent.ToolCall;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.chat.ChatModel.Call;
import dev.millrace.worker.chat.ChatModel.ToolResult;
import dev.millrace.worker.chat.ChatModel.ToolSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The tools of one run: it finds the one that is called, and checks what it is called with. Each
 * call is an event.
 */
final class Toolbox {

  private static final int MAX_SHOWN = 2_000;
  private static final int MAX_NAME = 100;

  /** Characters that all results of a run have at most: no model reads more. */
  static final int MAX_GIVEN = 4 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Tool> tools = new LinkedHashMap<>();
  private long given;

  Toolbox(List<Tool> tools) {
    tools.forEach(tool -> this.tools.put(tool.spec().name(), tool));
  }

  List<ToolSpec> specs() {
    return tools.values().stream().map(Tool::spec).toList();
  }

  /** Does a call and reports it. */
  ToolResult call(Call call, RunReporter reporter) {
    long start = System.nanoTime();
    ToolResult result = answer(call);
    given += result.content().length();
    reporter.toolCalled(
        ToolCall.newBuilder()
            .setName(shortName(call))
            .setArguments(shown(Redaction.redact(call.arguments())))
            .setSucceeded(result.succeeded())
            .setSummary(
                result.succeeded()
                    ? result.content().length() + " characters"
                    : Texts.shorten(Redaction.redact(result.content()), MAX_SHOWN))
            .setDurationMs(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
            .build());
    return result;
  }

  private ToolResult answer(Call call) {
    try {
      Tool tool = tools.get(call.name());
      if (tool == null) {
        throw new ToolFailedException("there is no tool '" + shortName(call) + "'");
      }
      if (given >= MAX_GIVEN) {
        throw new ToolFailedException(
            "the tools have given %d characters, which is all they give; answer with what is known"
                .formatted(given));
      }
      return new ToolResult(call.id(), tool.perform(arguments(tool.spec(), call)), true);
    } catch (ToolFailedException | RepositoryException e) {
      return new ToolResult(
          call.id(), Texts.shorten(String.valueOf(e.getMessage()), MAX_SHOWN), false);
    }
  }

  /** The name that a model gave, which may be anything. */
  private static String shortName(Call call) {
    return Texts.shorten(Redaction.redact(call.name()), MAX_NAME);
  }

  private static JsonNode arguments(ToolSpec spec, Call call) throws ToolFailedException {
    JsonNode arguments;
    try {
      arguments = JSON.readTree(call.arguments().isBlank() ? "{}" : call.arguments());
    } catch (JsonProcessingException e) {
      throw new ToolFailedException("the arguments are not JSON: " + e.getOriginalMessage());
    }
    if (!arguments.isObject()) {
      throw new ToolFailedException("expected an object as arguments");
    }
    for (String name : spec.parameters().keySet()) {
      if (!arguments.path(name).isTextual()) {
        throw new ToolFailedException("expected the text '" + name + "' among the arguments");
      }
    }
    return arguments;
  }

  /** Arguments as they may stand in an event: JSON, and not endless. */
  private static String shown(String arguments) {
    String kept = Texts.shorten(arguments, MAX_SHOWN);
    try {
      JSON.readTree(kept);
      return kept.isBlank() ? "{}" : kept;
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode().put("text", kept).toString();
    }
  }
}
