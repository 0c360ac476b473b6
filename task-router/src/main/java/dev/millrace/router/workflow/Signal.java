package dev.millrace.router.workflow;

import java.util.Arrays;
import java.util.Optional;

/** What can happen to a flow. */
public enum Signal {
  TASK_ASSIGNED("task.assigned"),
  PLAN_CREATED("task.plan.created"),
  /** The coding agent ended without changing a file. */
  CODE_UNCHANGED("code.unchanged"),
  PR_CREATED("pr.created"),
  PR_UPDATED("pr.updated"),
  CHANGES_REQUESTED("pr.changes.requested"),
  PR_APPROVED("pr.approved"),
  REVIEW_UNDECIDED("pr.review.undecided"),
  PR_MERGED("pr.merged"),
  PR_CLOSED("pr.closed"),
  DEPLOY_REQUESTED("deploy.requested"),
  DEPLOY_COMPLETED("deploy.completed"),
  DEPLOY_FAILED("deploy.failed"),
  DEPLOY_UNDECIDED("deploy.undecided"),
  VERIFY_PASSED("verify.passed"),
  VERIFY_FAILED("verify.failed"),
  VERIFY_UNDECIDED("verify.undecided"),
  AUDIT_REQUESTED("audit.requested"),
  AUDIT_COMPLETED("audit.completed"),
  VIDEO_REQUESTED("video.requested"),
  SCRIPT_CREATED("script.created"),
  STORYBOARD_CREATED("storyboard.created"),
  MEDIA_COMPLETED("media.completed"),
  /** The task of an agent failed for good, was cancelled or turned away. */
  STEP_FAILED("step.failed");

  private final String code;

  Signal(String code) {
    this.code = code;
  }

  /** Its name in events: {@code pr.created}. */
  public String code() {
    return code;
  }

  /** The signal of this name, if there is one. */
  public static Optional<Signal> find(String code) {
    return Arrays.stream(values()).filter(signal -> signal.code.equals(code)).findFirst();
  }
}
