package dev.millrace.worker.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.worker.agent.RunId;
import dev.millrace.worker.agent.TaskId;
import dev.millrace.worker.journal.JournalUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class RetryingLedgerTest {

  private static final TaskId TASK = new TaskId("task-1");
  private static final RunId RUN = new RunId("run-1");
  private static final Spending SPENT = new Spending(7, 3);

  private final FailingLedger failing = new FailingLedger();

  @Test
  void anEntryWaitsForALedgerThatIsAway() {
    failing.failures.add(away());

    retrying(Duration.ofMinutes(1)).add(TASK, RUN, SPENT);

    assertThat(failing.added).containsExactly(SPENT);
  }

  @Test
  void anEntryThatWaitedLongEnoughIsLeftOut() {
    failing.failures.add(away());

    retrying(Duration.ZERO).add(TASK, RUN, SPENT);

    assertThat(failing.added).isEmpty();
  }

  @Test
  void anEntryThatIsRefusedIsLeftOutAtOnce() {
    failing.failures.add(new IllegalStateException("refused"));

    retrying(Duration.ofMinutes(1)).add(TASK, RUN, SPENT);

    assertThat(failing.added).isEmpty();
  }

  @Test
  void aRunThatIsEndedWaitsNoLongerAndStaysInterrupted() {
    failing.failures.add(away());
    Thread.currentThread().interrupt();

    retrying(Duration.ofMinutes(1)).add(TASK, RUN, SPENT);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failing.added).isEmpty();
  }

  @Test
  void whatWasSpentIsNotGuessed() {
    failing.failures.add(away());

    assertThatExceptionOfType(JournalUnavailableException.class)
        .isThrownBy(() -> retrying(Duration.ofMinutes(1)).spent(TASK));
  }

  private RetryingLedger retrying(Duration timeout) {
    return new RetryingLedger(failing, timeout);
  }

  private static JournalUnavailableException away() {
    return new JournalUnavailableException("away", new IllegalStateException());
  }

  /** Fails as told, then works. */
  private static final class FailingLedger implements Ledger {

    private final Queue<RuntimeException> failures = new ArrayDeque<>();
    private final List<Spending> added = new ArrayList<>();

    @Override
    public Spent spent(TaskId task) {
      check();
      return Spent.NOTHING;
    }

    @Override
    public void asked(TaskId task, RunId run, Spent spent) {
      check();
    }

    @Override
    public Optional<Spent> whenAskedBefore(TaskId task, RunId run) {
      check();
      return Optional.empty();
    }

    @Override
    public void add(TaskId task, RunId run, Spending spent) {
      check();
      added.add(spent);
    }

    private void check() {
      RuntimeException failure = failures.poll();
      if (failure != null) {
        throw failure;
      }
    }
  }
}
