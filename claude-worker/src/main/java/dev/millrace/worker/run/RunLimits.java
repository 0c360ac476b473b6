package dev.millrace.worker.run;

import java.time.Duration;

/**
 * What a run may take.
 *
 * @param timeout longest a run may take
 * @param heartbeatInterval how often a run says that it is alive
 * @param endGrace how long an agent that was interrupted may take to free what it holds
 */
public record RunLimits(Duration timeout, Duration heartbeatInterval, Duration endGrace) {

  public RunLimits {
    if (!timeout.isPositive() || !heartbeatInterval.isPositive()) {
      throw new IllegalArgumentException("the timeout and the heartbeat interval are above 0");
    }
  }
}
