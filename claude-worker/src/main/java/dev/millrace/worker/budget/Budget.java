package dev.millrace.worker.budget;

import dev.millrace.runtime.config.Environment;
import java.util.Locale;
import java.util.Optional;

/**
 * What may be spent on models. A limit of 0 is none. An approval grants the limits once more, on
 * top of what had been spent when it was asked for.
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
   * @param spent so far
   * @param approved what had been spent when the run's approval was asked for; nothing for a run
   *     without one
   */
  Optional<String> question(Spent spent, Spent approved) {
    return exceeded("the task", spent.task(), approved.task(), taskMicrodollars, taskTokens)
        .or(() ->
            exceeded(
                "all tasks of today", spent.today(), approved.today(), dayMicrodollars, dayTokens));
  }

  private static Optional<String> exceeded(
      String who, Spending spent, Spending approved, long microdollars, long tokens) {
    if (microdollars > 0 && spent.microdollars() >= approved.microdollars() + microdollars) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%s spent $%.4f of $%.4f; approve the task to go on",
              who,
              spent.microdollars() / (double) MICRODOLLARS,
              (approved.microdollars() + microdollars) / (double) MICRODOLLARS));
    }
    if (tokens > 0 && spent.tokens() >= approved.tokens() + tokens) {
      return Optional.of(
          "%s used %d of %d tokens; approve the task to go on"
              .formatted(who, spent.tokens(), approved.tokens() + tokens));
    }
    return Optional.empty();
  }
}
