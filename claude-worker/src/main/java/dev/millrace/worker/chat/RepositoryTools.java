package dev.millrace.worker.chat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.repositories.CommitRequest;
import dev.millrace.repositories.Repository;
import dev.millrace.runtime.writer.Fence;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.chat.ChatModel.ToolSpec;
import dev.millrace.worker.source.SourceFile;
import dev.millrace.worker.source.SourceFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tools of one run in its task's repository, and in the further ones that it may read: list
 * files, read one, write one into the result. Nothing reaches the repository before the run ends,
 * and then only as its commit. What a tool reads is fenced: it is material, whatever it says.
 */
final class RepositoryTools {

  private static final String REPOSITORY = "repository";
  private static final String PATH = "path";
  private static final String PREFIX = "prefix";
  private static final String CONTENT = "content";
  private static final String WHERE = "Path from the root of the repository.";
  private static final int MAX_LISTED = 500;
  private static final int MAX_WRITTEN = 50;

  private final AgentRun run;
  private final SourceFiles sources;
  private final Fence fence;
  private final boolean mayWrite;
  private final boolean workflowsAllowed;
  private final Map<String, String> written = new TreeMap<>();

  /**
   * @param mayWrite whether the task writes files at all
   * @param workflowsAllowed whether it may write what makes GitHub run code
   */
  RepositoryTools(
      AgentRun run, SourceFiles sources, Fence fence, boolean mayWrite, boolean workflowsAllowed) {
    this.run = run;
    this.sources = sources;
    this.fence = fence;
    this.mayWrite = mayWrite;
    this.workflowsAllowed = workflowsAllowed;
  }

  /** The tools there are: none without a repository. */
  List<Tool> tools() {
    if (run.place().repository() == null) {
      return List.of();
    }
    Tool list =
        new Described(
            new ToolSpec(
                "list_files",
                "Lists the files of the repository whose path begins with a prefix.",
                inWhich(Map.of(PREFIX, "Start of the paths; empty for all files."))),
            arguments -> list(which(arguments), arguments.path(PREFIX).asText()));
    Tool read =
        new Described(
            new ToolSpec(
                "read_file", "Reads a file of the repository.", inWhich(Map.of(PATH, WHERE))),
            arguments -> read(which(arguments), arguments.path(PATH).asText()));
    Tool write =
        new Described(
            new ToolSpec(
                "write_file",
                "Writes a whole file into the result, which is committed when the task is done.",
                Map.of(PATH, WHERE, CONTENT, "The whole file.")),
            arguments -> write(arguments.path(PATH).asText(), arguments.path(CONTENT).asText()));
    return mayWrite ? List.of(list, read, write) : List.of(list, read);
  }

  /** Parameters of a tool that reads: which repository, where there are several. */
  private Map<String, String> inWhich(Map<String, String> parameters) {
    if (run.place().further().isEmpty()) {
      return parameters;
    }
    Map<String, String> more = new TreeMap<>(parameters);
    more.put(REPOSITORY, "One of " + String.join(", ", readable()) + "; the first is the task's.");
    return more;
  }

  /** The repositories that may be read, the task's own first. */
  private List<String> readable() {
    List<String> names = new ArrayList<>();
    names.add(requireNonNull(run.place().repository(), "tools without a repository"));
    names.addAll(run.place().further());
    return names;
  }

  private Origin which(JsonNode arguments) throws ToolFailedException {
    List<String> names = readable();
    String name = names.size() == 1 ? names.getFirst() : arguments.path(REPOSITORY).asText();
    if (name.equals(names.getFirst())) {
      return new Origin(sources.repository(run).orElseThrow(), run.place().branch(), true);
    }
    if (!names.contains(name)) {
      throw new ToolFailedException(
          "expected a repository of %s, found '%s'".formatted(names, name));
    }
    return new Origin(sources.further(name), null, false);
  }

  /**
   * A repository that a tool reads.
   *
   * @param own whether it is the task's, where files wait that were written
   */
  private record Origin(Repository repository, @Nullable String branch, boolean own) {}

  /** What a tool does. */
  @FunctionalInterface
  private interface Doing {
    String with(JsonNode arguments) throws ToolFailedException;
  }

  /** A tool, and what it does. */
  private record Described(ToolSpec spec, Doing doing) implements Tool {
    @Override
    public String perform(JsonNode arguments) throws ToolFailedException {
      return doing.with(arguments);
    }
  }

  /** Files that were written, by path. */
  List<ResultFile> written() {
    return written.entrySet().stream()
        .map(file -> new ResultFile(file.getKey(), file.getValue()))
        .toList();
  }

  private String list(Origin in, String prefix) {
    List<String> paths = in.repository().list(in.branch(), prefix);
    String listed = String.join("\n", paths.subList(0, Math.min(paths.size(), MAX_LISTED)));
    String more = paths.size() > MAX_LISTED ? "\n… " + paths.size() + " files in all" : "";
    return fence.around("files", listed + more);
  }

  private String read(Origin in, String path) throws ToolFailedException {
    String waiting = in.own() ? written.get(path) : null;
    if (waiting != null) {
      return fence.around("file " + path, waiting);
    }
    SourceFile file =
        SourceFiles.file(in.repository(), in.branch(), path)
            .orElseThrow(() -> new ToolFailedException("the repository has no file " + path));
    return fence.around("file " + path, file.text());
  }

  private String write(String path, String content) throws ToolFailedException {
    if (content.getBytes(StandardCharsets.UTF_8).length > AgentResult.MAX_BYTES) {
      throw new ToolFailedException("expected a file of at most 1 MB");
    }
    if (written.size() >= MAX_WRITTEN && !written.containsKey(path)) {
      throw new ToolFailedException("expected at most " + MAX_WRITTEN + " files in a result");
    }
    CommitRequest.checkPath(path, workflowsAllowed);
    sources.file(run, path); // a file that is too large to be read is not replaced either
    written.put(path, content);
    return "written; it is committed when the task is done";
  }
}
