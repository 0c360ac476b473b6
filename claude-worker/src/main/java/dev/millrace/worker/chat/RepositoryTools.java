package dev.millrace.worker.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.runtime.repository.Repository;
import dev.millrace.runtime.repository.RepositoryException;
import dev.millrace.schemas.agent.ToolCall;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.chat.ChatModel.Call;
import dev.millrace.worker.chat.ChatModel.ToolResult;
import dev.millrace.worker.chat.ChatModel.ToolSpec;
import dev.millrace.worker.prompt.Fence;
import dev.millrace.worker.source.SourceFile;
import dev.millrace.worker.source.SourceFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The tools of one run in its task's repository: list files, read one, write one into the result.
 * Nothing reaches the repository before the run ends, and then only as its commit. What a tool
 * reads is fenced: it is material, whatever it says. Each call is an event.
 */
final class RepositoryTools {

  private static final String LIST = "list_files";
  private static final String READ = "read_file";
  private static final String WRITE = "write_file";
  private static final String PATH = "path";
  private static final String PREFIX = "prefix";
  private static final String CONTENT = "content";
  private static final int MAX_LISTED = 500;
  private static final int MAX_WRITTEN = 50;
  private static final int MAX_SHOWN = 2_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AgentRun run;
  private final SourceFiles sources;
  private final Fence fence;
  private final boolean mayWrite;
  private final Map<String, String> written = new TreeMap<>();

  /**
   * @param mayWrite whether the task writes files at all
   */
  RepositoryTools(AgentRun run, SourceFiles sources, Fence fence, boolean mayWrite) {
    this.run = run;
    this.sources = sources;
    this.fence = fence;
    this.mayWrite = mayWrite;
  }

  /** A call that cannot be done; the model is told why, and may go on. */
  private static final class ToolFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    ToolFailedException(String message) {
      super(message);
    }
  }

  /** The tools there are: none without a repository. */
  List<ToolSpec> specs() {
    if (run.place().repository() == null) {
      return List.of();
    }
    ToolSpec list =
        new ToolSpec(
            LIST,
            "Lists the files of the repository whose path begins with a prefix.",
            Map.of(PREFIX, "Start of the paths; empty for all files."));
    ToolSpec read =
        new ToolSpec(
            READ,
            "Reads a file of the repository.",
            Map.of(PATH, "Path from the root of the repository."));
    ToolSpec write =
        new ToolSpec(
            WRITE,
            "Writes a whole file into the result, which is committed when the task is done.",
            Map.of(PATH, "Path from the root of the repository.", CONTENT, "The whole file."));
    return mayWrite ? List.of(list, read, write) : List.of(list, read);
  }

  /** Files that were written, by path. */
  List<ResultFile> written() {
    return written.entrySet().stream()
        .map(file -> new ResultFile(file.getKey(), file.getValue()))
        .toList();
  }

  /** Does a call and reports it. */
  ToolResult call(Call call, RunReporter reporter) {
    long start = System.nanoTime();
    ToolResult result = answer(call);
    reporter.toolCalled(
        ToolCall.newBuilder()
            .setName(call.name())
            .setArguments(shown(call.arguments()))
            .setSucceeded(result.succeeded())
            .setSummary(
                result.succeeded() ? result.content().length() + " characters" : result.content())
            .setDurationMs(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
            .build());
    return result;
  }

  private ToolResult answer(Call call) {
    try {
      return new ToolResult(call.id(), perform(call), true);
    } catch (ToolFailedException | RepositoryException e) {
      return new ToolResult(call.id(), String.valueOf(e.getMessage()), false);
    }
  }

  private String perform(Call call) throws ToolFailedException {
    JsonNode arguments = arguments(call);
    return switch (call.name()) {
      case LIST -> list(text(arguments, PREFIX));
      case READ -> read(text(arguments, PATH));
      case WRITE -> write(text(arguments, PATH), text(arguments, CONTENT));
      default -> throw new ToolFailedException("there is no tool '" + call.name() + "'");
    };
  }

  private static JsonNode arguments(Call call) throws ToolFailedException {
    try {
      JsonNode arguments = JSON.readTree(call.arguments().isBlank() ? "{}" : call.arguments());
      if (arguments.isObject()) {
        return arguments;
      }
    } catch (JsonProcessingException e) {
      throw new ToolFailedException("the arguments are not JSON: " + e.getOriginalMessage());
    }
    throw new ToolFailedException("expected an object as arguments");
  }

  private static String text(JsonNode arguments, String name) throws ToolFailedException {
    JsonNode value = arguments.path(name);
    if (!value.isTextual()) {
      throw new ToolFailedException("expected the text '" + name + "' among the arguments");
    }
    return value.asText();
  }

  private String list(String prefix) throws ToolFailedException {
    Repository repository =
        sources
            .repository(run)
            .orElseThrow(() -> new ToolFailedException("the task names no repository"));
    List<String> paths = repository.list(run.place().branch(), prefix);
    String listed = String.join("\n", paths.subList(0, Math.min(paths.size(), MAX_LISTED)));
    String more = paths.size() > MAX_LISTED ? "\n… " + paths.size() + " files in all" : "";
    return fence.around("files", listed + more);
  }

  private String read(String path) throws ToolFailedException {
    String waiting = written.get(path);
    if (waiting != null) {
      return fence.around("file " + path, waiting);
    }
    SourceFile file =
        sources
            .file(run, path)
            .orElseThrow(() -> new ToolFailedException("the repository has no file " + path));
    return fence.around("file " + path, file.text());
  }

  private String write(String path, String content) throws ToolFailedException {
    if (!mayWrite) {
      throw new ToolFailedException("this task writes no files");
    }
    if (content.getBytes(StandardCharsets.UTF_8).length > AgentResult.MAX_BYTES) {
      throw new ToolFailedException("expected a file of at most 1 MB");
    }
    if (written.size() >= MAX_WRITTEN && !written.containsKey(path)) {
      throw new ToolFailedException("expected at most " + MAX_WRITTEN + " files in a result");
    }
    sources.file(run, path); // the repository says whether the path is one that may be touched
    written.put(path, content);
    return "written; it is committed when the task is done";
  }

  /** Arguments as they may stand in an event: JSON, and not endless. */
  private static String shown(String arguments) {
    String kept =
        arguments.length() <= MAX_SHOWN ? arguments : arguments.substring(0, MAX_SHOWN) + "…";
    try {
      JSON.readTree(kept);
      return kept.isBlank() ? "{}" : kept;
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode().put("text", kept).toString();
    }
  }
}
