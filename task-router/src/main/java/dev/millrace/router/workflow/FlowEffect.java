package dev.millrace.router.workflow;

import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskStatus;
import org.jspecify.annotations.Nullable;

/** What a flow wants done in the world, in the order in which it is to be seen. */
public sealed interface FlowEffect {

  /**
   * A step of the flow is told.
   *
   * @param flow the flow after it
   * @param type name of the event
   * @param step task of the agent that is started
   */
  record Told(
      Flow flow, String type, @Nullable Next next, @Nullable String step, @Nullable String reason)
      implements FlowEffect {}

  /** A step of the task that the flow is. */
  record TaskStep(
      Flow flow,
      TaskEventType type,
      TaskStatus status,
      @Nullable String reason,
      @Nullable String result)
      implements FlowEffect {}

  /** A flow that no task led to is put on record as a task. */
  record Recorded(Flow flow) implements FlowEffect {}

  /** An agent is started. */
  record Started(Flow flow, Role role, String step) implements FlowEffect {}

  /** An agent whose work is worth nothing any more is stopped. */
  record Stopped(Flow flow, Role role, String step, String reason) implements FlowEffect {}

  /** A work item about what went wrong. */
  record BugFound(Flow flow, String reason) implements FlowEffect {}

  /** A command makes no sense. */
  record Refused(String reason) implements FlowEffect {}
}
