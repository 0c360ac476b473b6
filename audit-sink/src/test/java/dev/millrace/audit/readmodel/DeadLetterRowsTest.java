package dev.millrace.audit.readmodel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.decode.DecodedValue;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.event.EventHeaders;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLetterRowsTest {

  @Test
  void aLetterThatAReplayWroteAgainIsARowAlready() {
    assertThat(isWrittenAgain("replay-1", null)).isTrue();
    assertThat(isWrittenAgain("replay-2", "replay-1;effects=commits")).isTrue();
  }

  @Test
  void aLetterAboutARecordThatAReplayWroteIsARowOfItsOwn() {
    assertThat(isWrittenAgain(null, null)).isFalse();
    assertThat(isWrittenAgain("replay-1;effects=commits", "replay-1;effects=commits")).isFalse();
    assertThat(isWrittenAgain("reset-1", "reset-1")).isFalse();
  }

  /**
   * @param written mark of the letter on its topic
   * @param within mark of the record that it is about
   */
  private static boolean isWrittenAgain(@Nullable String written, @Nullable String within) {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setTopic("task.requests")
            .setPartition(0)
            .setOffset(7)
            .setHeaders(
                within == null
                    ? Map.of()
                    : Map.of(EventHeaders.REPLAY_ID, ByteBuffer.wrap(within.getBytes(UTF_8))))
            .setApp("task-router")
            .setError("invalid")
            .setReason("it makes no sense")
            .setFailedAt(Instant.EPOCH)
            .build();
    Headers headers = Records.headers();
    if (written != null) {
      headers.add(EventHeaders.REPLAY_ID, written.getBytes(UTF_8));
    }
    MirrorRow row =
        MirrorRow.of(
            Records.record(
                Topics.DEAD_LETTERS.name(), 0, 1, Records.TIMESTAMP, null, new byte[0], headers),
            new DecodedValue(1, "{}".getBytes(UTF_8), letter, null));
    return DeadLetterRows.isWrittenAgain(row, letter);
  }
}
