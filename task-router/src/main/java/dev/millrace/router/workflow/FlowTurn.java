package dev.millrace.router.workflow;

import dev.millrace.router.workflow.Flow.Change;
import dev.millrace.router.workflow.Flow.Progress;
import dev.millrace.router.workflow.Flow.Status;
import dev.millrace.router.workflow.Flow.Video;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One input's work on a flow: the flow as it changes, and what is to be done. */
final class FlowTurn {

  private final List<FlowEffect> effects = new ArrayList<>();
  private Flow flow;

  FlowTurn(Flow flow) {
    this.flow = flow;
  }

  Flow flow() {
    return flow;
  }

  FlowMachine.Outcome outcome() {
    return new FlowMachine.Outcome(flow, List.copyOf(effects));
  }

  void become(Progress next) {
    flow = flow.at(next);
  }

  void become(Change next) {
    flow = flow.with(next);
  }

  void become(Video next) {
    flow = flow.with(next);
  }

  void end(Status how, Instant at) {
    become(flow.progress().ended(how, at));
  }

  /** Starts the agent of a role, because of an event of this type. */
  void start(Role role, String type, Next next) {
    String step = new StepId(flow.id(), flow.progress().steps() + 1, role).value();
    become(flow.progress().started(step));
    tell(type, next, step, null);
    task(
        TaskEventType.PROGRESSED,
        TaskStatus.IN_PROGRESS,
        "%s: %s works on it as task %s".formatted(type, role.code(), step));
    effects.add(new FlowEffect.Started(flow, role, step));
  }

  /** Stops the agent at work, if one is. */
  void stop(String reason) {
    String step = flow.progress().step();
    if (step != null && flow.progress().running()) {
      StepId.parse(step)
          .ifPresent(id -> effects.add(new FlowEffect.Stopped(flow, id.role(), step, reason)));
      become(flow.progress().stopped());
    }
  }

  void tell(String type, @Nullable Next next, @Nullable String step, @Nullable String reason) {
    effects.add(new FlowEffect.Told(flow, type, next, step, reason));
  }

  void task(TaskEventType type, TaskStatus status, @Nullable String reason) {
    effects.add(new FlowEffect.TaskStep(flow, type, status, reason, null));
  }

  void complete() {
    effects.add(
        new FlowEffect.TaskStep(
            flow, TaskEventType.COMPLETED, TaskStatus.COMPLETED, null, FlowResult.of(flow)));
  }

  void record() {
    effects.add(new FlowEffect.Recorded(flow));
  }

  void bug(String reason) {
    effects.add(new FlowEffect.BugFound(flow, reason));
  }

  void refuse(String reason) {
    effects.add(new FlowEffect.Refused(reason));
  }
}
