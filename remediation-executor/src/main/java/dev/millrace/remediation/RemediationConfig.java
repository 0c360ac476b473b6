package dev.millrace.remediation;

import dev.millrace.remediation.execution.Limits;
import dev.millrace.remediation.hook.HookTable;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.database.DatabaseConfig;

/**
 * Configuration of the executor.
 *
 * @param hooks what may be done
 * @param limits how much
 * @param slots commands in work at once
 */
public record RemediationConfig(HookTable hooks, Limits limits, int slots) {

  private static final String SLOTS = "REMEDIATION_CONCURRENCY";
  private static final int DEFAULT_SLOTS = 4;

  /** A command in work holds one connection for its lock and needs another to write. */
  private static final int CONNECTIONS_PER_SLOT = 2;

  public static RemediationConfig from(Environment environment) {
    int slots = environment.integer(SLOTS, DEFAULT_SLOTS, 1, 64);
    int poolSize = DatabaseConfig.from(environment).poolSize();
    if (slots * CONNECTIONS_PER_SLOT > poolSize) {
      throw new ConfigurationException(
          SLOTS,
          "expected at most half of DATABASE_POOL_SIZE, found %d of %d".formatted(slots, poolSize));
    }
    return new RemediationConfig(HookTable.from(environment), Limits.from(environment), slots);
  }
}
