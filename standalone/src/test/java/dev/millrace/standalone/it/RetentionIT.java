package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.audit.archive.ArchiveException;
import dev.millrace.audit.archive.ArchiveFolder;
import dev.millrace.audit.archive.ArchiveRestore;
import dev.millrace.audit.archive.PartitionArchiver;
import dev.millrace.audit.archive.PartitionArchiver.Outcome;
import dev.millrace.audit.chain.CheckpointChain;
import dev.millrace.audit.partition.DailyPartitions;
import dev.millrace.audit.partition.Retention;
import dev.millrace.standalone.embedded.Credentials;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Old days leave the mirror for files and come back, and the record holds all the while. */
@ExtendWith(WithMillrace.class)
class RetentionIT {

  /** The pipeline of the tests mirrors topics of this prefix. */
  private static final String TOPIC = "it.retention";

  /** Each test has a day of its own. */
  private static final AtomicInteger DAYS_BACK = new AtomicInteger(200);

  private static final int RECORDS = 40;

  @TempDir private Path folder;

  private LocalDate day;

  @BeforeEach
  void mirrorRecordsOfAnOldDayBetweenNewOnes(Millrace millrace) throws Exception {
    day = LocalDate.now(java.time.ZoneOffset.UTC).minusDays(DAYS_BACK.getAndIncrement());
    OldRecords.produce(millrace, TOPIC, day, RECORDS);
    eventually().untilAsserted(() -> assertThat(rows(millrace)).isEqualTo(RECORDS));
    eventually().until(() -> Files.exists(Evidence.keyFile(millrace)));
  }

  @Test
  void aDayThatIsArchivedComesBackAsItWas(Millrace millrace) throws Exception {
    // given
    String before = content(millrace);

    // when
    List<Outcome> outcomes = archive(millrace, folder);
    long left = rows(millrace);
    List<?> findings = Evidence.verify(millrace, TOPIC).findings();
    restore(millrace, folder, name());

    // then
    assertThat(outcomes).containsExactly(new Outcome(name(), RECORDS, null));
    assertThat(left).isZero();
    assertThat(findings).as("with the archive in the place of its rows").isEmpty();
    assertThat(Evidence.verifyArchives(millrace, new ArchiveFolder(folder))).isEmpty();
    assertThat(content(millrace)).isEqualTo(before);
    assertThat(Evidence.verify(millrace, TOPIC).findings()).as("restored").isEmpty();
  }

  @Test
  void aRestoredDayIsNotDroppedBeforeItsTime(Millrace millrace) throws Exception {
    archive(millrace, folder);
    restore(millrace, folder, name());

    List<Outcome> outcomes = archive(millrace, folder);

    assertThat(outcomes).isEmpty();
    assertThat(rows(millrace)).isEqualTo(RECORDS);
    assertThatThrownBy(() -> restore(millrace, folder, name()))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("its rows are in the mirror");
  }

  @Test
  void aTamperedArchiveIsRefusedByItsName(Millrace millrace) throws Exception {
    // given
    archive(millrace, folder);
    Path file = new ArchiveFolder(folder).rows(name());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    // when, then
    assertThatThrownBy(() -> restore(millrace, folder, name()))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("archive " + name() + ": its file is not the one that was written");
    assertThat(rows(millrace)).isZero();
    assertThat(Evidence.verifyArchives(millrace, new ArchiveFolder(folder)))
        .singleElement()
        .satisfies(finding -> assertThat(finding.place()).isEqualTo("archive " + name()));
  }

  @Test
  void anArchiveWithAnAlteredDescriptionIsRefused(Millrace millrace) throws Exception {
    archive(millrace, folder);
    Path description = new ArchiveFolder(folder).description(name());
    Files.writeString(
        description,
        Files.readString(description).replace("\"rows\" : " + RECORDS + ",", "\"rows\" : 1,"));

    assertThatThrownBy(() -> restore(millrace, folder, name()))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("archive " + name() + ": its description is not signed");
  }

  @Test
  void aDayStaysWhileItsArchiveCannotBeWritten(Millrace millrace) throws Exception {
    // given
    Path occupied = Files.writeString(folder.resolve("a-file"), "not a directory");
    Path full = Files.createDirectory(folder.resolve("full"));
    Files.createSymbolicLink(full.resolve(name() + ".copy.gz.part"), Path.of("/dev/full"));

    // when
    Outcome unwritable = archive(millrace, occupied).getFirst();
    Outcome noSpace = archive(millrace, full).getFirst();

    // then
    assertThat(unwritable.problem()).contains("the archive cannot be written");
    assertThat(noSpace.problem()).contains("No space left on device");
    assertThat(rows(millrace)).isEqualTo(RECORDS);
    assertThat(archive(millrace, full).getFirst().problem())
        .as("once there is space again")
        .isNull();
    assertThat(rows(millrace)).isZero();
  }

  @Test
  void aRowThatDoesNotHoldIsEvidenceAndStays(Millrace millrace) throws Exception {
    String forge =
        "UPDATE audit.records SET source = ? WHERE topic = ? AND \"timestamp\"::date = ?";
    String source =
        Queries.texts(millrace, "SELECT source FROM audit.records WHERE topic = ? LIMIT 1", TOPIC)
            .getFirst();
    millrace.owner().useHandle(handle -> handle.execute(forge, "nobody", TOPIC, day));

    Outcome outcome = archive(millrace, folder).getFirst();

    assertThat(outcome.problem()).contains(TOPIC + "-").contains("its hash does not hold");
    assertThat(rows(millrace)).isEqualTo(RECORDS);
    millrace.owner().useHandle(handle -> handle.execute(forge, source, TOPIC, day));
  }

  private String name() {
    return OldRecords.table(day);
  }

  private List<Outcome> archive(Millrace millrace, Path directory) throws Exception {
    return new PartitionArchiver(
            millrace.owner(),
            new ArchiveFolder(directory),
            Evidence.keyFile(millrace),
            Clock.systemUTC())
        .run((expired, topics) -> expired.equals(day));
  }

  private static void restore(Millrace millrace, Path directory, String name) throws Exception {
    ArchiveFolder archives = new ArchiveFolder(directory);
    PGSimpleDataSource owner = new PGSimpleDataSource();
    owner.setUrl(millrace.pipeline().stack().addresses().jdbcUrl());
    owner.setUser("millrace");
    owner.setPassword(millrace.credential(Credentials.DATABASE_PASSWORD));
    new ArchiveRestore(
            millrace.owner(),
            archives,
            Evidence.check(
                millrace,
                archives,
                new CheckpointChain(Evidence.checkpoints(millrace), Evidence.publicKey(millrace))),
            new DailyPartitions(owner, 0, Retention.FOR_EVER, Clock.systemUTC()),
            Clock.systemUTC())
        .restore(name, Duration.ofDays(1));
  }

  private long rows(Millrace millrace) {
    return OldRecords.rows(millrace, TOPIC, day);
  }

  private String content(Millrace millrace) {
    return Queries.texts(
            millrace,
            """
            SELECT string_agg(r::text, E'\\n' ORDER BY partition, "offset") FROM audit.records r
            WHERE topic = ? AND ("timestamp" AT TIME ZONE 'UTC')::date = ?
            """,
            TOPIC,
            day)
        .getFirst();
  }
}
