package dev.millrace.audit.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.audit.Records;
import dev.millrace.audit.replay.Position.Span;
import dev.millrace.audit.stored.StoredRecord;
import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.ReplayMark;
import dev.millrace.schemas.replay.ReplayRequest;
import dev.millrace.schemas.replay.ReplaySource;
import dev.millrace.schemas.replay.ReplayTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayPartsTest {

  private static final ConsumerGroupMetadata GROUP =
      new MockConsumer<byte[], byte[]>("earliest").groupMetadata();

  private static final ReplayProgress PROGRESS =
      new ReplayProgress(
          Position.of(Map.of(new TopicPartition("task.events", 1), new Position.Span(8, 20))),
          9,
          8);

  private static final TopicPartition PLACE = new TopicPartition("task.events", 1);

  @TempDir private Path folder;

  @Test
  void aPositionIsKeptAndReadBack() {
    Position position =
        Position.of(Map.of(PLACE, new Span(3, 9), new TopicPartition("a.b", 0), new Span(5, 5)));

    assertThat(Position.parse(position.json())).isEqualTo(position);
    assertThat(position.spans()).containsOnlyKeys(PLACE);
  }

  @Test
  void aPartitionThatIsAtItsEndIsNotLookedAtAgain() {
    Position position = Position.of(Map.of(PLACE, new Span(3, 4)));

    assertThat(position.after(stored(3)).isAtEnd()).isTrue();
    assertThat(position.after(stored(2)).isAtEnd()).isFalse();
  }

  @Test
  void aRequestIsKeptAndReadBack() {
    ReplayRequest request =
        request().setFromTime(Instant.EPOCH).setSql("a = 'b'").setPartition(4).build();

    assertThat(RequestJson.read(RequestJson.write(request))).isEqualTo(request);
  }

  @Test
  void aRateHoldsWithinASecondToo() {
    Pace pace = new Pace(8, 0);

    assertThat(pace.batch(500)).isEqualTo(2);
    assertThat(pace.after(2, 0)).isEqualTo(Duration.ofMillis(250));
    assertThat(pace.after(2, Duration.ofMillis(300).toNanos())).isEqualTo(Duration.ofMillis(200));
    assertThat(new Pace(0, 0).batch(500)).isEqualTo(500);
  }

  @Test
  void whatAReplayWroteIsNotReplayed() {
    Selection selection = new Selection(request().build());
    ConsumerRecord<byte[], byte[]> record = stored(1).record();

    assertThat(selection.matches(record)).isTrue();
    record.headers().add("millrace_replay_id", "r-1".getBytes(UTF_8));
    assertThat(selection.matches(record)).isFalse();
  }

  @Test
  void allConditionsMustHold() {
    ConsumerRecord<byte[], byte[]> record = stored(7).record();

    assertThat(new Selection(request().setEventId("task.events/1/7").build()).matches(record))
        .isTrue();
    assertThat(new Selection(request().setEventId("another").build()).matches(record)).isFalse();
    assertThat(new Selection(request().setFromOffset(8L).build()).matches(record)).isFalse();
    assertThat(new Selection(request().setToOffset(7L).build()).matches(record)).isTrue();
  }

  @Test
  void aConditionIsOneCondition() {
    Selection selection = new Selection(request().setSql("true; DELETE FROM x").build());

    assertThatThrownBy(selection::condition)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sql");
  }

  @Test
  void limitsAreParametersOfAStatementOrOfAnArray() {
    Selection selection =
        new Selection(request().setTopics(List.of("a.b", "c'd")).setPartition(3).build());

    assertThat(selection.limits(Arguments.ofStatement()))
        .contains("r.topic IN (?, ?)", "r.partition = ?::int")
        .doesNotContain("c'd");
    assertThat(selection.limits(Arguments.ofArray()))
        .contains("r.topic IN (($1[1]), ($1[2]))", "r.partition = ($1[3])::int");
  }

  @ParameterizedTest
  @CsvSource({
    "SAME_TOPIC,  ,            r.redacted IS NULL",
    "OTHER_TOPIC, ,            r.redacted IS NULL",
    "FILE,        ,            true",
    "NOWHERE,     ,            r.redacted IS NULL",
    "NOWHERE,     OTHER_TOPIC, r.redacted IS NULL",
    "NOWHERE,     FILE,        true"
  })
  void whatWasRedactedIsNotWrittenToTopics(
      ReplayTarget target, @Nullable ReplayTarget rehearsed, String condition) {
    ReplayRequest request = request().setTarget(target).setRehearsedTarget(rehearsed).build();

    assertThat(new Selection(request).writable()).isEqualTo(condition);
  }

  @Test
  void aLineSaysWhatWasTakenOut() {
    StoredRecord blanked = new StoredRecord(stored(1).record(), "{}", "$.sender.email");

    assertThat(RecordJson.line(blanked)).contains("\"redacted\":\"$.sender.email\"");
    assertThat(RecordJson.line(stored(1))).doesNotContain("redacted");
  }

  @Test
  void rangesThatEndBeforeTheyBeginAreRefused() {
    Selection offsets = new Selection(request().setFromOffset(9L).setToOffset(3L).build());
    Selection times =
        new Selection(
            request().setFromTime(Instant.EPOCH).setToTime(Instant.EPOCH.minusSeconds(1)).build());

    assertThatThrownBy(offsets::requirePossible)
        .hasMessage("fromOffset: expected at most toOffset (3), found 9");
    assertThatThrownBy(times::requirePossible)
        .hasMessageStartingWith("from: expected a time before to");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "22P02 | invalid input syntax for type integer: \"secret\""
            + " | invalid input syntax for type integer (SQLSTATE 22P02)",
        "42P01 | relation \"a secret\" does not exist"
            + " | relation \"...\" does not exist (SQLSTATE 42P01)",
        "57014 | canceling statement due to statement timeout | it took longer than 10min"
      })
  void whatPostgresSaysOfDataIsNotShown(String state, String message, String shown) {
    SQLException refused = new SQLException(message, state);

    assertThat(Refusal.isOfTheStatement(refused)).isTrue();
    assertThat(Refusal.reason(refused)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "53300", "57P01", "40001"})
  void aPostgresThatIsAwayRefusesNothing(String state) {
    assertThat(Refusal.isOfTheStatement(new SQLException("away", state))).isFalse();
  }

  @Test
  void aReplayedRecordKeepsItsIdentityAndSaysWhoWroteIt() throws InterruptedException {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    ReplayMark mark = new ReplayMark("r-1", Set.of(Effect.COMMITS));

    try (TopicTarget target = new TopicTarget(producer, "rehearsal.events", mark, GROUP)) {
      target.write(List.of(stored(7)), PROGRESS);
    }

    ProducerRecord<byte[], byte[]> written = producer.history().getFirst();
    EventContext context = EventContext.of(written.headers(), new EventId("none"), Instant.EPOCH);
    assertThat(written.topic()).isEqualTo("rehearsal.events");
    assertThat(context.id().value()).isEqualTo("task.events/1/7");
    assertThat(context.time()).isEqualTo(Instant.ofEpochMilli(Records.TIMESTAMP));
    assertThat(context.allows(Effect.COMMITS)).isTrue();
    assertThat(context.allows(Effect.MODEL_CALLS)).isFalse();
    assertThat(written.timestamp()).isNull();
  }

  @Test
  void anInterruptedFileGoesOnWhereItWasComplete() throws IOException {
    Path file = folder.resolve("replays").resolve("r-1.jsonl");
    long complete;
    try (FileTarget target = new FileTarget(file, 0)) {
      target.write(List.of(stored(1)), PROGRESS);
      complete = target.fileBytes();
      target.write(List.of(stored(2)), PROGRESS);
    }

    try (FileTarget target = new FileTarget(file, complete)) {
      target.write(List.of(stored(3)), PROGRESS);
    }

    assertThat(Files.readAllLines(file)).hasSize(2).last().asString().contains("\"offset\":3");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aBatchAndHowFarItIsAreOneTransaction() {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

    try (TopicTarget target =
        new TopicTarget(producer, null, new ReplayMark("r-1", Set.of()), GROUP)) {
      target.write(List.of(stored(7)), PROGRESS);
    }

    assertThat(producer.commitCount()).isEqualTo(1);
    assertThat(producer.consumerGroupOffsetsHistory())
        .singleElement()
        .satisfies(groups -> {
          assertThat(groups).containsOnlyKeys(GROUP.groupId());
          OffsetAndMetadata kept = groups.values().iterator().next().values().iterator().next();
          assertThat(kept.offset()).isEqualTo(PROGRESS.written());
          assertThat(ReplayProgress.decode(kept.metadata())).isEqualTo(PROGRESS);
        });
  }

  @Test
  void aProducerThatCannotBeginIsClosed() {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactionException = new TimeoutException("no broker");

    assertThatThrownBy(
            () -> new TopicTarget(producer, null, new ReplayMark("r-1", Set.of()), GROUP))
        .isSameAs(producer.initTransactionException);

    assertThat(producer.closed()).isTrue();
  }

  @Test
  void aReplayGoesOnFromWhatKafkaKeptWhenThatIsMore() {
    ReplayJob reported = new ReplayJob("r-1", request().build(), PROGRESS.position(), 3, 3, 0);

    assertThat(reported.orAsKept(Optional.of(PROGRESS)).written()).isEqualTo(8);
    assertThat(reported.orAsKept(Optional.of(new ReplayProgress(PROGRESS.position(), 2, 2))))
        .isEqualTo(reported);
    assertThat(reported.orAsKept(Optional.empty())).isEqualTo(reported);
  }

  private static ReplayRequest.Builder request() {
    return ReplayRequest.newBuilder()
        .setSource(ReplaySource.TOPIC)
        .setTarget(ReplayTarget.SAME_TOPIC);
  }

  private static StoredRecord stored(long offset) {
    return new StoredRecord(
        Records.record(PLACE.topic(), PLACE.partition(), offset, "v".getBytes(UTF_8)), null, null);
  }
}
