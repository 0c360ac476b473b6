package dev.millrace.router.workflow;

import dev.millrace.router.workflow.Flow.Change;
import dev.millrace.router.workflow.Flow.Progress;
import dev.millrace.router.workflow.Flow.Status;
import dev.millrace.router.workflow.FlowInput.Happened;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is news to a flow. The same thing is often said twice: an agent that pushed says so,
 * and so does GitHub; deliveries come again under other ids; an agent that was stopped may end all
 * the same.
 */
final class Novelty {

  private Novelty() {}

  /** Whether a flow has not heard it yet, and still wants to. */
  static boolean isNews(Flow flow, Happened happened) {
    return happened.step() == null
        ? isNewsFromOutside(flow, happened)
        : isTheStepInWork(flow.progress(), happened);
  }

  /** An agent's end counts once; one whose task was retried after it failed counts as well. */
  private static boolean isTheStepInWork(Progress progress, Happened happened) {
    return happened.step() != null
        && happened.step().equals(progress.step())
        && (progress.running()
            || (progress.status() == Status.FAILED && happened.signal() != Signal.STEP_FAILED));
  }

  private static boolean isNewsFromOutside(Flow flow, Happened happened) {
    Change change = flow.change();
    return switch (flow.progress().status()) {
      case COMPLETED -> false;
      case CANCELLED -> happened.signal() == Signal.PR_CREATED && !change.merged();
      case FAILED, RUNNING, WAITING ->
          switch (happened.signal()) {
            case TASK_ASSIGNED,
                CODE_UNCHANGED,
                VIDEO_REQUESTED,
                SCRIPT_CREATED,
                STORYBOARD_CREATED,
                MEDIA_COMPLETED,
                STEP_FAILED ->
                false;
            case PLAN_CREATED -> isAtWork(flow, Role.STARTER);
            case PR_CREATED, PR_UPDATED ->
                !change.merged() && !isAtWork(flow, Role.CODING) && !isKnown(flow, happened);
            case CHANGES_REQUESTED, REVIEW_UNDECIDED -> !change.merged();
            case PR_APPROVED -> !change.merged() && !isBeingMerged(flow);
            case PR_MERGED -> !change.merged() && !isAtWork(flow, Role.MERGER);
            case PR_CLOSED -> !change.merged() && !flow.progress().status().hasEnded();
            case DEPLOY_REQUESTED -> !isAtWork(flow, Role.DEPLOYER);
            case DEPLOY_COMPLETED, DEPLOY_FAILED, DEPLOY_UNDECIDED -> !change.deployed();
            case VERIFY_PASSED, VERIFY_FAILED, VERIFY_UNDECIDED, AUDIT_REQUESTED, AUDIT_COMPLETED ->
                true;
          };
    };
  }

  private static boolean isKnown(Flow flow, Happened happened) {
    String sha = happened.news().sha();
    return sha != null && sha.equals(flow.change().sha()) && !flow.progress().status().hasEnded();
  }

  private static boolean isBeingMerged(Flow flow) {
    Flow.Ask ask = flow.progress().ask();
    return isAtWork(flow, Role.MERGER) || (ask != null && ask.next() == Next.MERGER);
  }

  private static boolean isAtWork(Flow flow, Role role) {
    Progress progress = flow.progress();
    return progress.running()
        && Optional.ofNullable(progress.step())
            .flatMap(StepId::parse)
            .filter(step -> step.role() == role)
            .isPresent();
  }

  /** A coding agent reports a change; only the flow knows whether it is the first. */
  static Signal meaning(Flow flow, Happened happened) {
    return happened.signal() == Signal.PR_CREATED
            && happened.step() != null
            && flow.change().sha() != null
        ? Signal.PR_UPDATED
        : happened.signal();
  }

  /** What is known of the change after a signal. */
  static Change learn(Change before, Signal signal, FlowInput.News news) {
    boolean plan = signal == Signal.PLAN_CREATED;
    boolean findings =
        switch (signal) {
          case CHANGES_REQUESTED,
              REVIEW_UNDECIDED,
              PR_APPROVED,
              DEPLOY_FAILED,
              VERIFY_FAILED,
              VERIFY_PASSED,
              AUDIT_COMPLETED ->
              true;
          case TASK_ASSIGNED,
              PLAN_CREATED,
              CODE_UNCHANGED,
              PR_CREATED,
              PR_UPDATED,
              PR_MERGED,
              PR_CLOSED,
              DEPLOY_REQUESTED,
              DEPLOY_COMPLETED,
              DEPLOY_UNDECIDED,
              VERIFY_UNDECIDED,
              AUDIT_REQUESTED,
              VIDEO_REQUESTED,
              SCRIPT_CREATED,
              STORYBOARD_CREATED,
              MEDIA_COMPLETED,
              STEP_FAILED ->
              false;
        };
    return new Change(
        or(news.branch(), before.branch()),
        news.pullRequest() == null ? before.pullRequest() : news.pullRequest(),
        or(news.url(), before.url()),
        or(news.sha(), before.sha()),
        before.merged() || signal == Signal.PR_MERGED,
        signal != Signal.DEPLOY_REQUESTED
            && (before.deployed() || signal == Signal.DEPLOY_COMPLETED),
        plan ? or(news.text(), before.plan()) : before.plan(),
        findings ? or(news.text(), before.findings()) : before.findings());
  }

  private static @Nullable String or(@Nullable String value, @Nullable String other) {
    return value == null ? other : value;
  }
}
