package dev.millrace.worker.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.chat.ChatModel.ToolSpec;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Starts a sub-task: a task like any other, which waits for a slot in its queue, in the turn of the
 * same tenant. It works in the repository of the task that started it and writes no files; its
 * result is its own. The same call in a run that comes again is the same task.
 */
final class SubtaskTool implements Tool {

  /** Attribute of a sub-task: how many tasks are above it. */
  static final String DEPTH = "subtask_depth";

  private static final String TYPE = "task_type";
  private static final String DESCRIPTION = "description";
  private static final String COMMIT = "commit";
  private static final int MAX_DEPTH = 2;
  private static final int MAX_SUBTASKS = 5;
  private static final int MAX_DESCRIPTION = 8_000;

  private final AgentRun run;
  private final RoutingTable routes;
  private final RunReporter reporter;
  private final Set<String> started = new HashSet<>();

  SubtaskTool(AgentRun run, RoutingTable routes, RunReporter reporter) {
    this.run = run;
    this.routes = routes;
    this.reporter = reporter;
  }

  /** Whether a run may start sub-tasks: not those that are far down themselves. */
  static boolean isFor(AgentRun run) {
    return depth(run) < MAX_DEPTH;
  }

  private static int depth(AgentRun run) {
    return run.attribute(DEPTH)
        .filter(text -> text.matches("\\d{1,3}"))
        .map(Integer::parseInt)
        .orElse(0);
  }

  @Override
  public ToolSpec spec() {
    return new ToolSpec(
        "start_subtask",
        "Starts a task of its own, which another agent does later; its result is not waited for.",
        Map.of(
            TYPE,
            "One of " + String.join(", ", routes.taskTypes()) + ".",
            DESCRIPTION,
            "What is to be done, complete in itself."));
  }

  @Override
  public String perform(JsonNode arguments) throws ToolFailedException {
    String type = arguments.path(TYPE).asText();
    String description = arguments.path(DESCRIPTION).asText().strip();
    String agent =
        routes
            .agentFor(type)
            .orElseThrow(() ->
                new ToolFailedException(
                    "expected a task_type of %s, found '%s'".formatted(routes.taskTypes(), type)));
    if (description.isEmpty() || description.length() > MAX_DESCRIPTION) {
      throw new ToolFailedException(
          "expected a description of 1 to %d characters".formatted(MAX_DESCRIPTION));
    }
    String id =
        new EventId(run.taskId().value()).derive("subtask/" + type + '/' + description).value();
    if (started.contains(id)) {
      return "started before as task " + id;
    }
    if (started.size() >= MAX_SUBTASKS) {
      throw new ToolFailedException("expected at most " + MAX_SUBTASKS + " sub-tasks of a run");
    }
    started.add(id);
    reporter.subtask(request(id, type, description, agent));
    return "started as task " + id;
  }

  private TaskRequest request(String id, String type, String description, String agent) {
    return TaskRequest.newBuilder()
        .setTaskId(id)
        .setTaskType(type)
        .setDescription(description)
        .setPriority(Priority.MEDIUM)
        .setAgent(agent)
        .setContext(
            Optional.ofNullable(run.place().repository())
                .map(repository ->
                    TaskContext.newBuilder()
                        .setRepository(repository)
                        .setRepositories(run.place().further())
                        .setBranch(run.place().branch())
                        .build())
                .orElse(null))
        .setAttributes(Map.of(DEPTH, Integer.toString(depth(run) + 1), COMMIT, "false"))
        .setParentTaskId(run.taskId().value())
        .setTenant(run.tenant())
        .setRequestedBy(run.agent())
        .build();
  }
}
