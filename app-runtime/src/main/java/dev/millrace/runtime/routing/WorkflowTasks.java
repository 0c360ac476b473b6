package dev.millrace.runtime.routing;

import dev.millrace.runtime.config.Environment;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which tasks begin a flow, instead of waiting in a queue; the same for all apps of a site. A video
 * always does; development work does where a site wants it.
 *
 * @param enabled whether development work does
 * @param taskTypes types of development work; such a task also names a repository
 */
public record WorkflowTasks(boolean enabled, Set<String> taskTypes) {

  /** Name under which flows stand where a task has its queue. */
  public static final String QUEUE = "workflow";

  /** Type of the tasks that ask for a video; no agent does one alone, so no route names it. */
  public static final String VIDEO = "video";

  /** Attribute of a task that names the role in which its agent works. */
  public static final String ROLE = "role";

  /** Attribute of a task that a model asked for: one that begins flows could run in circles. */
  private static final String SUBTASK = "subtask_depth";

  /** An id that can be part of a branch's name, and of the ids of its steps. */
  private static final Pattern FLOW_ID = Pattern.compile("[A-Za-z0-9_~-][A-Za-z0-9_.~-]{0,149}");

  public WorkflowTasks {
    taskTypes = Set.copyOf(taskTypes);
  }

  /** Reads {@code USE_MULTI_AGENT_EVENTS} and {@code WORKFLOW_TASK_TYPES}. */
  public static WorkflowTasks from(Environment environment) {
    return new WorkflowTasks(
        environment.bool("USE_MULTI_AGENT_EVENTS", false),
        Set.copyOf(environment.list("WORKFLOW_TASK_TYPES", List.of("code"))));
  }

  /** Whether a request begins a flow: it is not too large, names no role, and no model asked. */
  public boolean takes(TaskRequest request) {
    return (isVideo(request) || isDevelopment(request))
        && !request.getAttributes().containsKey(ROLE)
        && !request.getAttributes().containsKey(SUBTASK)
        && !request.getDescription().isBlank()
        && isFlowId(request.getTaskId())
        && RequestSize.fits(request);
  }

  /** Whether a request asks for a video. */
  public static boolean isVideo(TaskRequest request) {
    return request.getTaskType().equals(VIDEO);
  }

  private boolean isDevelopment(TaskRequest request) {
    TaskContext context = request.getContext();
    return enabled
        && taskTypes.contains(request.getTaskType())
        && context != null
        && context.getRepository() != null
        && !context.getRepository().isBlank();
  }

  /** Whether a flow may be called so. */
  public static boolean isFlowId(String id) {
    return FLOW_ID.matcher(id).matches() && !id.contains("..");
  }
}
