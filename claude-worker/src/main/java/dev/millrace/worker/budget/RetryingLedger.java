package dev.millrace.worker.budget;

import dev.millrace.worker.agent.RunId;
import dev.millrace.worker.agent.TaskId;
import dev.millrace.worker.journal.JournalUnavailableException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ledger that waits for one that is away before it gives up an entry. What was paid for is worth
 * more than its entry: an entry that cannot be made is logged and left out, and fails nothing.
 */
public final class RetryingLedger implements Ledger {

  private static final Logger log = LoggerFactory.getLogger(RetryingLedger.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  private final Ledger ledger;
  private final Duration timeout;

  /**
   * @param timeout how long an entry waits for a ledger that is away
   */
  public RetryingLedger(Ledger ledger, Duration timeout) {
    this.ledger = ledger;
    this.timeout = timeout;
  }

  @Override
  public Spent spent(TaskId task) {
    return ledger.spent(task);
  }

  @Override
  public void asked(TaskId task, RunId run, Spent spent) {
    ledger.asked(task, run, spent);
  }

  @Override
  public Optional<Spent> whenAskedBefore(TaskId task, RunId run) {
    return ledger.whenAskedBefore(task, run);
  }

  @Override
  public void add(TaskId task, RunId run, Spending spent) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        ledger.add(task, run, spent);
        return;
      } catch (RuntimeException e) {
        boolean passes =
            e instanceof JournalUnavailableException && System.nanoTime() - deadline < 0;
        if (!passes || !paused()) {
          log.atWarn()
              .addKeyValue("run", run)
              .addKeyValue("microdollars", spent.microdollars())
              .addKeyValue("tokens", spent.tokens())
              .addKeyValue("reason", e.getMessage())
              .log("what a call cost is not in the ledger, and counts for no budget");
          return;
        }
      }
    }
  }

  private static boolean paused() {
    try {
      Thread.sleep(RETRY_INTERVAL);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
