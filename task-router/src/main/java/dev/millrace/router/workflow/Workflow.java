package dev.millrace.router.workflow;

import static dev.millrace.router.workflow.Condition.ALWAYS;
import static dev.millrace.router.workflow.Condition.A_PERSON_WROTE_IT;
import static dev.millrace.router.workflow.Condition.IT_IS_A_BUG;
import static dev.millrace.router.workflow.Condition.IT_RUNS_IN_CIRCLES;
import static dev.millrace.router.workflow.Condition.MERGES_WITHOUT_ASKING;
import static dev.millrace.router.workflow.Condition.ROUNDS_ARE_LEFT;
import static dev.millrace.router.workflow.Signal.AUDIT_COMPLETED;
import static dev.millrace.router.workflow.Signal.AUDIT_REQUESTED;
import static dev.millrace.router.workflow.Signal.CHANGES_REQUESTED;
import static dev.millrace.router.workflow.Signal.CODE_UNCHANGED;
import static dev.millrace.router.workflow.Signal.DEPLOY_COMPLETED;
import static dev.millrace.router.workflow.Signal.DEPLOY_FAILED;
import static dev.millrace.router.workflow.Signal.DEPLOY_REQUESTED;
import static dev.millrace.router.workflow.Signal.DEPLOY_UNDECIDED;
import static dev.millrace.router.workflow.Signal.MEDIA_COMPLETED;
import static dev.millrace.router.workflow.Signal.PLAN_CREATED;
import static dev.millrace.router.workflow.Signal.PR_APPROVED;
import static dev.millrace.router.workflow.Signal.PR_CLOSED;
import static dev.millrace.router.workflow.Signal.PR_CREATED;
import static dev.millrace.router.workflow.Signal.PR_MERGED;
import static dev.millrace.router.workflow.Signal.PR_UPDATED;
import static dev.millrace.router.workflow.Signal.REVIEW_UNDECIDED;
import static dev.millrace.router.workflow.Signal.SCRIPT_CREATED;
import static dev.millrace.router.workflow.Signal.STEP_FAILED;
import static dev.millrace.router.workflow.Signal.STORYBOARD_CREATED;
import static dev.millrace.router.workflow.Signal.TASK_ASSIGNED;
import static dev.millrace.router.workflow.Signal.VERIFY_FAILED;
import static dev.millrace.router.workflow.Signal.VERIFY_PASSED;
import static dev.millrace.router.workflow.Signal.VERIFY_UNDECIDED;
import static dev.millrace.router.workflow.Signal.VIDEO_REQUESTED;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The workflow: what happened, when the row holds, and what comes next. The first row that fits
 * counts. A row with a question waits for a person's approval first, who may give it for a while.
 */
final class Workflow {

  // spotless:off
  static final List<Row> ROWS = List.of(
      // what happened         when                    what is next
      row(TASK_ASSIGNED,       IT_IS_A_BUG,            Next.STARTER,  "an agent found a bug; shall agents work on it?"),
      row(TASK_ASSIGNED,       ALWAYS,                 Next.STARTER),
      row(PLAN_CREATED,        ALWAYS,                 Next.CODING),
      row(CODE_UNCHANGED,      ALWAYS,                 Next.FAIL),

      row(PR_CREATED,          IT_RUNS_IN_CIRCLES,     Next.REVIEWER, "many agents worked on this already; shall one review it again?"),
      row(PR_CREATED,          ALWAYS,                 Next.REVIEWER),
      row(PR_UPDATED,          IT_RUNS_IN_CIRCLES,     Next.REVIEWER, "many agents worked on this already; shall one review it again?"),
      row(PR_UPDATED,          ALWAYS,                 Next.REVIEWER),
      row(CHANGES_REQUESTED,   A_PERSON_WROTE_IT,      Next.CODING,   "a review asks for changes; shall an agent make them?"),
      row(CHANGES_REQUESTED,   ROUNDS_ARE_LEFT,        Next.CODING),
      row(CHANGES_REQUESTED,   ALWAYS,                 Next.CODING,   "the review still asks for changes; shall an agent try once more?"),
      row(REVIEW_UNDECIDED,    ALWAYS,                 Next.MERGER,   "no agent judged the change; shall it be merged?"),
      row(PR_APPROVED,         MERGES_WITHOUT_ASKING,  Next.MERGER),
      row(PR_APPROVED,         ALWAYS,                 Next.MERGER,   "the review approves of the change; shall it be merged?"),
      row(PR_CLOSED,           ALWAYS,                 Next.CANCEL),

      row(PR_MERGED,           ALWAYS,                 Next.DEPLOYER),
      row(DEPLOY_REQUESTED,    ALWAYS,                 Next.DEPLOYER),
      row(DEPLOY_COMPLETED,    ALWAYS,                 Next.VERIFIER),
      row(DEPLOY_UNDECIDED,    ALWAYS,                 Next.VERIFIER, "no agent deployed the change; was it deployed otherwise?"),
      row(DEPLOY_FAILED,       ALWAYS,                 Next.BUG),

      row(VERIFY_PASSED,       ALWAYS,                 Next.COMPLETE),
      row(VERIFY_UNDECIDED,    ALWAYS,                 Next.COMPLETE, "no agent verified the change; does it work?"),
      row(VERIFY_FAILED,       ALWAYS,                 Next.BUG),

      row(AUDIT_REQUESTED,     ALWAYS,                 Next.AUDITOR),
      row(AUDIT_COMPLETED,     ALWAYS,                 Next.COMPLETE),

      row(VIDEO_REQUESTED,     ALWAYS,                 Next.WRITER),
      row(SCRIPT_CREATED,      ALWAYS,                 Next.DIRECTOR),
      row(STORYBOARD_CREATED,  ALWAYS,                 Next.PRODUCER),
      row(MEDIA_COMPLETED,     ALWAYS,                 Next.COMPLETE),

      row(STEP_FAILED,         ALWAYS,                 Next.FAIL));
  // spotless:on

  private Workflow() {}

  /**
   * One row.
   *
   * @param question what a person is asked first; null if nobody is
   */
  record Row(Signal signal, Condition when, Next next, @Nullable String question) {}

  /** The row for what happened to a flow. */
  static Row next(Signal signal, Flow flow, WorkflowRules rules) {
    return ROWS.stream()
        .filter(row -> row.signal() == signal && row.when().holds(flow, rules))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the workflow has no row for " + signal));
  }

  private static Row row(Signal signal, Condition when, Next next) {
    return new Row(signal, when, next, null);
  }

  private static Row row(Signal signal, Condition when, Next next, String question) {
    return new Row(signal, when, next, question);
  }
}
