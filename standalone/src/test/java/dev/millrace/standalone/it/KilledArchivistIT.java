package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.AuditSinkApp;
import dev.millrace.audit.archive.ArchiveFolder;
import dev.millrace.audit.archive.PartitionArchiver;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A sink that dies (SIGKILL) between an archive and the drop of its partition. */
@ExtendWith(WithMillrace.class)
class KilledArchivistIT {

  private static final String TOPIC = "it.killed-archivist";
  private static final int RECORDS = 30;

  @TempDir private Path folder;

  private final LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(150);

  @Test
  void theDropIsDoneByTheNextAndNothingIsLost(Millrace millrace) throws Exception {
    Map<String, String> variables =
        Map.of(
            "AUDIT_DIRECTORY",
            Evidence.directory(millrace).toString(),
            "AUDIT_ARCHIVE_DIRECTORY",
            folder.resolve("archive").toString(),
            "AUDIT_RETENTIONS",
            TOPIC + "=120d",
            "AUDIT_RETENTION_INTERVAL",
            "300ms");
    try (AppProcess sink = AppProcess.inPlaceOf(millrace, new AuditSinkApp(), folder, variables)) {
      try (Handle reader = millrace.owner().open()) {
        // given a reader, who is there before the archivist: the partition can be archived and
        // cannot be dropped
        reader.execute("SELECT pg_advisory_lock(?)", PartitionArchiver.ADVISORY_LOCK);
        OldRecords.produce(millrace, TOPIC, day, RECORDS);
        eventually().until(() -> exists(millrace, part()));
        reader.begin();
        reader.execute("LOCK TABLE audit." + part() + " IN ACCESS SHARE MODE");
        reader.execute("SELECT pg_advisory_unlock(?)", PartitionArchiver.ADVISORY_LOCK);
        eventually().untilAsserted(() -> assertThat(archived(millrace)).isEqualTo(RECORDS));
        assertThat(OldRecords.rows(millrace, TOPIC, day)).isEqualTo(RECORDS);

        // when
        sink.killAndRestart();
        reader.rollback();
      }

      // then
      eventually().until(() -> !exists(millrace, OldRecords.table(day)));
      eventually().untilAsserted(() -> assertThat(archived(millrace)).isEqualTo(RECORDS));
      assertThat(OldRecords.rows(millrace, TOPIC, day)).isZero();
      assertThat(Evidence.verify(millrace, TOPIC).findings()).isEmpty();
      assertThat(Evidence.verifyArchives(millrace, new ArchiveFolder(folder.resolve("archive"))))
          .isEmpty();
    }
  }

  /** The part of the day that holds topics of this retention. */
  private String part() {
    return OldRecords.table(day) + "_120d";
  }

  private static boolean exists(Millrace millrace, String table) {
    return Queries.count(millrace, "SELECT count(*) FROM pg_tables WHERE tablename = ?", table)
        == 1;
  }

  /** Rows in archives that stand for the day or are about to. */
  private long archived(Millrace millrace) {
    return Queries.count(
        millrace,
        "SELECT coalesce(sum(rows), 0) FROM audit.archives WHERE day = ? AND restored_at IS NULL",
        day);
  }
}
