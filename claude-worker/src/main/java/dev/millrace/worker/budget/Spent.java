package dev.millrace.worker.budget;

/**
 * What counts for the budget of a run.
 *
 * @param task spent by all runs of its task
 * @param today spent by all tasks since midnight, UTC
 */
public record Spent(Spending task, Spending today) {

  static final Spent NOTHING = new Spent(new Spending(0, 0), new Spending(0, 0));
}
