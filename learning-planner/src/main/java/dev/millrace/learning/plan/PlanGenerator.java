package dev.millrace.learning.plan;

/** Makes the text of a plan. */
@FunctionalInterface
public interface PlanGenerator {

  /** The plan for these wishes and signals; the same for the same input. */
  DailyPlan generate(PlanInput input);
}
