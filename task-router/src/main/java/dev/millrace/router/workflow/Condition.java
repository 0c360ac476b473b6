package dev.millrace.router.workflow;

/** When a row of the workflow holds. */
enum Condition {
  ALWAYS,
  /** The flow began as a work item about a bug of another flow. */
  IT_IS_A_BUG,
  /** Fewer fix-up rounds were made than are allowed. */
  ROUNDS_ARE_LEFT,
  /** The pull request is that of a person, not of an agent. */
  A_PERSON_WROTE_IT,
  /** An agent wrote the change, and approved changes of agents are merged without asking. */
  MERGES_WITHOUT_ASKING,
  /** More agents were started for the flow than any honest one needs. */
  IT_RUNS_IN_CIRCLES;

  boolean holds(Flow flow, WorkflowRules rules) {
    return switch (this) {
      case ALWAYS -> true;
      case IT_IS_A_BUG -> flow.work().bug();
      case ROUNDS_ARE_LEFT -> flow.progress().rounds() < rules.maxRounds();
      case A_PERSON_WROTE_IT -> flow.work().byPerson();
      case MERGES_WITHOUT_ASKING -> rules.autoMerge() && !flow.work().byPerson();
      case IT_RUNS_IN_CIRCLES -> flow.progress().steps() >= rules.maxSteps();
    };
  }
}
