package dev.millrace.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitPaceTest {

  private final CommitPace pace = new CommitPace();

  @Test
  void workThatIsHandedOutAfterAPauseIsCommittedAtOnce() {
    boolean due = pace.step(1_000, true);

    assertThat(due).isTrue();
  }

  @Test
  void stepsThatHandNothingOutAskForNoCommit() {
    boolean due = pace.step(1_000, false);

    assertThat(due).isFalse();
  }

  @Test
  void theNextCommitWaitsUntilHalfOfTheTimeIsTheThreadsOwn() {
    pace.step(1_000, true);
    pace.step(1_006, true);

    assertThat(pace.step(1_011, true)).isFalse();
    assertThat(pace.step(1_012, true)).isTrue();
  }

  @Test
  void workThatWaitsIsCommittedByALaterStep() {
    pace.step(1_000, true);
    pace.step(1_006, true);

    assertThat(pace.step(1_011, false)).isFalse();
    assertThat(pace.step(1_012, false)).isTrue();
    assertThat(pace.step(1_040, false)).isFalse();
  }

  @Test
  void aPauseIsNotTakenForALongCommitForGood() {
    pace.step(0, true);
    pace.step(100, false);

    long last = 100;
    for (int commits = 0; commits < 20; commits++) {
      last = nextCommit(last);
    }

    assertThat(nextCommit(last)).isLessThan(last + 10);
  }

  /** Work is handed out every millisecond. */
  private long nextCommit(long nowMs) {
    long next = nowMs + 1;
    while (!pace.step(next, true)) {
      next++;
    }
    return next;
  }
}
