package dev.millrace.worker.budget;

import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.agent.AgentRun;
import java.util.Locale;
import java.util.Optional;

/**
 * What may be spent on models. A limit of 0 is none. Each approval that a task got grants it the
 * limits once more.
 *
 * @param taskMicrodollars by one task, in millionths of a US dollar
 * @param taskTokens by one task
 * @param dayMicrodollars by all tasks in a day (UTC)
 * @param dayTokens by all tasks in a day
 */
public record Budget(long taskMicrodollars, long taskTokens, long dayMicrodollars, long dayTokens) {

  private static final double DEFAULT_TASK_DOLLARS = 5;
  private static final double DEFAULT_DAY_DOLLARS = 100;
  private static final double MAX_DOLLARS = 1_000_000;
  private static final long MICRODOLLARS = 1_000_000;

  public static Budget from(Environment environment) {
    return new Budget(
        dollars(environment, "AGENT_BUDGET_TASK_DOLLARS", DEFAULT_TASK_DOLLARS),
        environment.integer("AGENT_BUDGET_TASK_TOKENS", 0, 0, Integer.MAX_VALUE),
        dollars(environment, "AGENT_BUDGET_DAY_DOLLARS", DEFAULT_DAY_DOLLARS),
        environment.integer("AGENT_BUDGET_DAY_TOKENS", 0, 0, Integer.MAX_VALUE));
  }

  private static long dollars(Environment environment, String name, double defaultDollars) {
    return Math.round(environment.decimal(name, defaultDollars, 0, MAX_DOLLARS) * MICRODOLLARS);
  }

  /**
   * What has to be asked before a run spends more, if something has.
   *
   * @param task spent by the run's task so far
   * @param today spent by all tasks today
   */
  Optional<String> question(AgentRun run, Spending task, Spending today) {
    int times = 1 + run.approvals();
    return exceeded("the task", task, taskMicrodollars, taskTokens, times)
        .or(() -> exceeded("all tasks of today", today, dayMicrodollars, dayTokens, times));
  }

  private static Optional<String> exceeded(
      String who, Spending spent, long microdollars, long tokens, int times) {
    if (microdollars > 0 && spent.microdollars() >= microdollars * times) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%s spent $%.4f of $%.4f; approve the task to go on",
              who,
              spent.microdollars() / (double) MICRODOLLARS,
              microdollars * times / (double) MICRODOLLARS));
    }
    if (tokens > 0 && spent.tokens() >= tokens * times) {
      return Optional.of(
          "%s used %d of %d tokens; approve the task to go on"
              .formatted(who, spent.tokens(), tokens * times));
    }
    return Optional.empty();
  }
}
