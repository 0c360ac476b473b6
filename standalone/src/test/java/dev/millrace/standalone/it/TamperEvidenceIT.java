package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.archive.ArchiveReview;
import dev.millrace.audit.archive.ArchiveStore;
import dev.millrace.audit.chain.ChainVerifier.Range;
import dev.millrace.audit.chain.ChainVerifier.Report;
import dev.millrace.audit.chain.CheckpointChain;
import dev.millrace.audit.chain.Finding;
import dev.millrace.schemas.audit.AuditCheckpoint;
import dev.millrace.schemas.audit.ChainHead;
import java.io.IOException;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever changes the record is found out. Every change here is undone by a rollback. */
@ExtendWith(WithMillrace.class)
class TamperEvidenceIT {

  private static final String TOPIC = "task.requests";

  /** A partition that the others do not write to while it is looked at, and its newest row. */
  record Newest(int partition, long offset) {}

  @Test
  void anUntouchedRecordHolds(Millrace millrace) throws Exception {
    checkpointed(millrace);

    Report report = verify(millrace, all(), handle -> {});

    assertThat(report.findings()).isEmpty();
    assertThat(report.rows()).isPositive();
    assertThat(report.unchained()).isZero();
  }

  @Test
  void aChangedFieldIsFound(Millrace millrace) throws Exception {
    Newest row = checkpointed(millrace);

    Report report =
        verify(millrace, all(), handle -> change(handle, row, "source = 'somebody else'"));

    assertThat(report.findings())
        .extracting(Finding::place)
        .containsExactly(TOPIC + "-" + row.partition() + "@" + row.offset());
  }

  @Test
  void aChangedPayloadIsFound(Millrace millrace) throws Exception {
    Newest row = checkpointed(millrace);

    Report report =
        verify(
            millrace,
            all(),
            handle ->
                change(handle, row, "payload = payload || '{\"description\": \"Say nothing\"}'"));

    assertThat(report.findings())
        .containsExactly(
            new Finding(
                TOPIC + "-" + row.partition() + "@" + row.offset(),
                "its payload is not what its bytes say"));
  }

  @Test
  void aRemovedNewestRowIsFoundThoughTheOffsetsWereMovedBack(Millrace millrace) throws Exception {
    Newest row = checkpointed(millrace);

    Report report =
        verify(
            millrace,
            all(),
            handle -> {
              handle.execute(
                  "DELETE FROM audit.records WHERE topic = ? AND partition = ? AND \"offset\" = ?",
                  TOPIC,
                  row.partition(),
                  row.offset());
              handle.execute(
                  """
                  UPDATE audit.offsets SET chain_offset = NULL, chain_hash = NULL
                  WHERE topic = ? AND partition = ?\
                  """,
                  TOPIC,
                  row.partition());
            });

    assertThat(report.findings())
        .containsExactly(
            new Finding(
                TOPIC + "-" + row.partition() + "@" + row.offset(),
                "it is missing: a checkpoint names it"));
  }

  @Test
  void anAlteredCheckpointIsNotBelieved(Millrace millrace) throws Exception {
    checkpointed(millrace);
    List<AuditCheckpoint> checkpoints = Evidence.checkpoints(millrace);
    AuditCheckpoint last = checkpoints.getLast();
    AuditCheckpoint altered = AuditCheckpoint.newBuilder(last).setHeads(List.of()).build();
    checkpoints.replaceAll(
        checkpoint -> checkpoint.getSequence() == last.getSequence() ? altered : checkpoint);

    CheckpointChain chain = new CheckpointChain(checkpoints, Evidence.publicKey(millrace));

    assertThat(chain.findings())
        .extracting(Finding::place)
        .containsExactly("checkpoint " + last.getSequence());
  }

  @Test
  void aMissingCheckpointIsFound(Millrace millrace) throws Exception {
    checkpointed(millrace);
    checkpointed(millrace);
    List<AuditCheckpoint> checkpoints = Evidence.checkpoints(millrace);
    checkpoints.removeIf(checkpoint -> checkpoint.getSequence() == 1);

    CheckpointChain chain = new CheckpointChain(checkpoints, Evidence.publicKey(millrace));

    assertThat(chain.findings()).isNotEmpty();
  }

  private static Range all() {
    return new Range(TOPIC::equals, null, 0, Long.MAX_VALUE);
  }

  private interface Tampering {
    void with(Handle handle);
  }

  private static void change(Handle handle, Newest row, String assignment) {
    handle.execute(
        "UPDATE audit.records SET "
            + assignment
            + " WHERE topic = ? AND partition = ? AND \"offset\" = ?",
        TOPIC,
        row.partition(),
        row.offset());
  }

  /** Verifies inside of the transaction that tampered, and undoes it. */
  private static Report verify(Millrace millrace, Range range, Tampering tampering)
      throws Exception {
    CheckpointChain checkpoints =
        new CheckpointChain(Evidence.checkpoints(millrace), Evidence.publicKey(millrace));
    try (Handle handle = millrace.owner().open()) {
      ArchiveReview archives =
          new ArchiveReview(new ArchiveStore(handle).all(), Evidence.publicKey(millrace));
      handle.begin();
      try {
        tampering.with(handle);
        return Evidence.verify(millrace, handle.getConnection(), range, checkpoints, archives);
      } finally {
        handle.rollback();
      }
    }
  }

  /** Submits a task and waits for the checkpoint that covers it. */
  private static Newest checkpointed(Millrace millrace) throws IOException {
    String task =
        millrace
            .gateway()
            .post(
                "/api/orchestrator",
                """
                {"taskType": "documentation", "payload": {"description": "Say hello"},
                 "attributes": {"noop": "true"}}
                """)
            .json()
            .path("task_id")
            .asText();
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.count(
                        millrace,
                        "SELECT count(*) FROM audit.records WHERE topic = ? AND key = ?",
                        TOPIC,
                        task))
                .isEqualTo(1));
    Newest newest =
        millrace
            .owner()
            .withHandle(handle ->
                handle
                    .createQuery(
                        "SELECT partition, \"offset\" FROM audit.records WHERE topic = ? AND key ="
                            + " ?")
                    .bind(0, TOPIC)
                    .bind(1, task)
                    .map((row, context) -> new Newest(row.getInt(1), row.getLong(2)))
                    .one());
    eventually().until(() -> isCovered(Evidence.checkpoints(millrace), newest));
    return newest;
  }

  private static boolean isCovered(List<AuditCheckpoint> checkpoints, Newest row) {
    return checkpoints.stream()
        .flatMap(checkpoint -> checkpoint.getHeads().stream())
        .filter(head -> head.getTopic().equals(TOPIC) && head.getPartition() == row.partition())
        .mapToLong(ChainHead::getOffset)
        .anyMatch(offset -> offset == row.offset());
  }
}
