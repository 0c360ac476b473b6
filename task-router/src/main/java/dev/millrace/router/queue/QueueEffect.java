package dev.millrace.router.queue;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.circuit.Provider;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a queue wants done in the world, in the order in which it is to be seen. */
public sealed interface QueueEffect {

  /**
   * A step of a task is told.
   *
   * @param task the task after the step
   * @param run the run the step belongs to
   * @param reason why, in words
   * @param result result of a completed task, as JSON
   */
  record TaskStep(
      TaskEventType type,
      Task task,
      @Nullable RunId run,
      @Nullable String reason,
      @Nullable String result)
      implements QueueEffect {}

  /** A request is turned away; the task never was in the queue. */
  record Rejected(TaskRequest request, String reason) implements QueueEffect {}

  /**
   * A step of the whole queue is told.
   *
   * @param facts all settings after the step, where they changed; whether it is paused; what is
   *     known of a circuit
   */
  record QueueStep(TaskEventType type, String reason, @Nullable Map<String, String> facts)
      implements QueueEffect {}

  /** The right to run one attempt of the task is given to the agent. */
  record Dispatch(Task task, TaskRequest request, RunId run) implements QueueEffect {}

  /** A run is told to end. */
  record Kill(Task task, RunId run, String reason) implements QueueEffect {}

  /**
   * A task is given up; its request goes to the dead letters.
   *
   * @param kind {@code exhausted} or {@code failed}
   */
  record GiveUp(Task task, TaskRequest request, String kind, String reason)
      implements QueueEffect {}

  /** The other parts of the router learn how the circuit of a provider stands. */
  record PublishCircuit(Provider provider, Circuit circuit) implements QueueEffect {}

  /** A task is asked for again, of another agent. */
  record Move(Task task, TaskRequest request, String agent) implements QueueEffect {}

  /** A command makes no sense and goes to the dead letters. */
  record Refuse(String reason) implements QueueEffect {}
}
