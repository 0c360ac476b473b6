package dev.millrace.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class PromptCommitsTest {

  private final MockProcessorContext<String, SpecificRecord> context = new MockProcessorContext<>();
  private final PromptCommits commits = new PromptCommits();

  @Test
  void workThatIsHandedOutAfterAPauseIsCommittedAtOnce() {
    assertThat(isCommittedAt(1_000)).isTrue();
    assertThat(isCommittedAt(1_005)).isTrue();
  }

  @Test
  void workInCloseSuccessionIsLeftToTheCommitInterval() {
    assertThat(isCommittedAt(1_000)).isTrue();

    assertThat(isCommittedAt(1_004)).isFalse();
    assertThat(isCommittedAt(1_008)).isFalse();
    assertThat(isCommittedAt(1_013)).isTrue();
  }

  private boolean isCommittedAt(long nowMs) {
    context.resetCommit();
    context.setCurrentSystemTimeMs(nowMs);
    commits.handedOut(context);
    return context.committed();
  }
}
