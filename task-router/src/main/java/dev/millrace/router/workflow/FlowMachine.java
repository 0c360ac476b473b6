package dev.millrace.router.workflow;

import dev.millrace.router.workflow.Flow.Progress;
import dev.millrace.router.workflow.Flow.Status;
import dev.millrace.router.workflow.FlowInput.Happened;
import dev.millrace.router.workflow.FlowInput.Ordered;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Moves flows on: an input goes in, the flow as it is then and what is to be done come out. It
 * knows neither Kafka nor a clock. What comes next stands in the {@link Workflow} alone; here is
 * told what is news at all, and how an agent, a question or an end is gone about.
 */
public final class FlowMachine {

  private final WorkflowRules rules;

  public FlowMachine(WorkflowRules rules) {
    this.rules = rules;
  }

  /**
   * What came of an input.
   *
   * @param flow the flow as it is now
   * @param effects what is to be done, in order
   */
  public record Outcome(Flow flow, List<FlowEffect> effects) {}

  /**
   * Takes an input.
   *
   * @param before the flow, if there is one
   * @return empty if the input means nothing to it
   */
  public Optional<Outcome> apply(@Nullable Flow before, FlowInput input, Instant now) {
    if (before == null) {
      return begin(input, now);
    }
    if (before.progress().handled().contains(input.cause().id().value())) {
      return Optional.empty();
    }
    FlowTurn turn = new FlowTurn(before.at(before.progress().took(input.cause().id().value())));
    switch (input.content()) {
      case Happened happened -> {
        if (!Novelty.isNews(before, happened)) {
          return Optional.empty();
        }
        happened(turn, happened, now);
      }
      case Ordered ordered -> obey(turn, ordered, now);
    }
    return Optional.of(turn.outcome());
  }

  /**
   * Passes over an input of a replay without model calls: no agent would do what comes next.
   *
   * @return what is told of a task that would have begun a flow
   */
  public Optional<FlowEffect> passOver(@Nullable Flow before, FlowInput input) {
    if (before != null
        || !(input.content() instanceof Happened happened)
        || happened.begins() == null
        || !happened.recorded()) {
      return Optional.empty();
    }
    return Optional.of(
        new FlowEffect.TaskStep(
            Flow.begun(input.flow(), input.cause(), happened.begins()),
            TaskEventType.REJECTED,
            TaskStatus.FAILED,
            "a replay without model calls asked for it; no agent would do it",
            null));
  }

  private Optional<Outcome> begin(FlowInput input, Instant now) {
    if (!(input.content() instanceof Happened happened) || happened.begins() == null) {
      return Optional.empty();
    }
    Flow flow = Flow.begun(input.flow(), input.cause(), happened.begins());
    FlowTurn turn = new FlowTurn(flow.at(flow.progress().took(input.cause().id().value())));
    if (!happened.recorded()) {
      turn.record();
    }
    turn.task(TaskEventType.CREATED, TaskStatus.PENDING, null);
    turn.task(TaskEventType.STARTED, TaskStatus.IN_PROGRESS, null);
    happened(turn, happened, now);
    return Optional.of(turn.outcome());
  }

  /** An approval that nobody gave in time. */
  public Optional<Outcome> expire(Flow flow, Instant now) {
    Flow.Ask ask = flow.progress().ask();
    if (ask == null || ask.until().isAfter(now)) {
      return Optional.empty();
    }
    FlowTurn turn = new FlowTurn(flow.at(flow.progress().ended(Status.FAILED, now)));
    String reason = "nobody answered until %s: %s".formatted(ask.until(), ask.question());
    turn.tell("approval.expired", ask.next(), null, reason);
    turn.task(TaskEventType.EXPIRED, TaskStatus.FAILED, reason);
    return Optional.of(turn.outcome());
  }

  private void happened(FlowTurn turn, Happened happened, Instant now) {
    Signal signal = Novelty.meaning(turn.flow(), happened);
    Progress progress = turn.flow().progress();
    if (happened.step() == null && progress.running()) {
      turn.stop("superseded by " + signal.code());
    }
    turn.become(turn.flow().progress().stopped());
    turn.become(Novelty.learn(turn.flow().change(), signal, happened.news()));
    turn.become(turn.flow().video().after(signal, happened.news().text()));
    Workflow.Row row = Workflow.next(signal, turn.flow(), rules);
    if (signal == Signal.CHANGES_REQUESTED) {
      turn.become(turn.flow().progress().another());
    }
    String reason = happened.news().text();
    if (row.question() == null) {
      carryOut(turn, signal.code(), row.next(), reason, now);
    } else {
      ask(turn, row, row.question(), now);
    }
  }

  private void ask(FlowTurn turn, Workflow.Row row, String question, Instant now) {
    Instant until = now.plus(rules.approvalTimeout());
    turn.become(
        turn.flow().progress().asking(new Flow.Ask(row.signal(), row.next(), question, until)));
    turn.tell(row.signal().code(), null, null, null);
    turn.tell("approval.requested", row.next(), null, question);
    turn.task(TaskEventType.APPROVAL_REQUESTED, TaskStatus.PAUSED, question);
  }

  /**
   * Does what comes next.
   *
   * @param type event that led to it
   */
  private void carryOut(
      FlowTurn turn, String type, Next next, @Nullable String reason, Instant now) {
    switch (next) {
      case STARTER,
          CODING,
          REVIEWER,
          MERGER,
          DEPLOYER,
          VERIFIER,
          AUDITOR,
          WRITER,
          DIRECTOR,
          PRODUCER ->
          turn.start(next.role().orElseThrow(), type, next);
      case COMPLETE -> {
        turn.end(Status.COMPLETED, now);
        turn.tell(type, next, null, null);
        turn.tell("flow.completed", null, null, null);
        turn.complete();
      }
      case BUG -> {
        turn.end(Status.FAILED, now);
        turn.tell(type, next, null, reason);
        turn.bug(reason == null ? type : reason);
        fail(turn, type, reason);
      }
      case FAIL -> {
        turn.end(Status.FAILED, now);
        turn.tell(type, next, null, reason);
        fail(turn, type, reason);
      }
      case CANCEL -> {
        turn.end(Status.CANCELLED, now);
        turn.tell(type, next, null, reason);
        turn.tell("flow.cancelled", null, null, reason);
        turn.task(TaskEventType.CANCELLED, TaskStatus.CANCELLED, reason == null ? type : reason);
      }
    }
  }

  private static void fail(FlowTurn turn, String type, @Nullable String reason) {
    turn.tell("flow.failed", null, null, reason);
    turn.task(
        TaskEventType.FAILED,
        TaskStatus.FAILED,
        reason == null ? type : type + ": " + Answers.summary(reason));
  }

  private void obey(FlowTurn turn, Ordered ordered, Instant now) {
    Progress progress = turn.flow().progress();
    switch (ordered.action()) {
      case APPROVE -> approve(turn, ordered, now);
      case CANCEL -> {
        if (progress.status().hasEnded()) {
          turn.refuse("expected a flow that has not ended, found one that has");
        } else {
          turn.stop("the flow was cancelled");
          carryOut(turn, "cancel.requested", Next.CANCEL, reason("cancelled", ordered), now);
        }
      }
      case RETRY -> {
        Optional<StepId> last = Optional.ofNullable(progress.step()).flatMap(StepId::parse);
        if (last.isEmpty()
            || progress.status() == Status.COMPLETED
            || !progress.status().hasEnded()) {
          turn.refuse("expected a flow that failed or was cancelled after an agent had begun");
        } else {
          Next again = Next.valueOf(last.get().role().name());
          carryOut(turn, "flow.retried", again, reason("retried", ordered), now);
        }
      }
      case PAUSE, RESUME, CHANGE_SETTINGS, REORDER, CLEAR, UNKNOWN ->
          turn.refuse(
              "expected APPROVE, CANCEL or RETRY for a flow, found "
                  + ordered.action()
                  + "; its agents' tasks can be paused one by one");
    }
  }

  private void approve(FlowTurn turn, Ordered ordered, Instant now) {
    Flow.Ask ask = turn.flow().progress().ask();
    if (ask == null) {
      turn.refuse("expected a flow that waits for an approval, found one that does not");
      return;
    }
    String reason = reason("approved", ordered);
    turn.become(turn.flow().progress().answered());
    turn.tell("approval.granted", ask.next(), null, reason);
    turn.task(TaskEventType.APPROVED, TaskStatus.IN_PROGRESS, reason);
    carryOut(turn, "approval.granted", ask.next(), reason, now);
  }

  private static String reason(String done, Ordered ordered) {
    String by = ordered.by() == null ? "" : " by " + ordered.by();
    String why = ordered.reason() == null ? "" : ": " + ordered.reason();
    return Texts.shorten(done + by + why, FlowInput.News.MAX_TEXT);
  }
}
