package dev.millrace.schemas.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.serde.UndecodableException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventSerdesTest {

  private static final String TOPIC = Topics.PLATFORM_EVENTS.name();
  private static final Duration PATIENCE = Duration.ofMillis(700);

  private final FakeRegistry registry;

  EventSerdesTest() throws IOException {
    registry = new FakeRegistry();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void aValueIsWrittenInTheWireFormatAndReadBack() {
    PlatformEvent event = event("blueprint_updated");

    byte[] bytes = bytes(serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, event));

    assertThat(bytes[0]).isZero();
    assertThat(WireFormat.schemaId(bytes)).isEqualTo(registry.add(event.getSchema()));
    assertThat(reader(PATIENCE).deserialize(TOPIC, bytes)).isEqualTo(event);
  }

  @Test
  void onlyTheFirstValueOfASchemaIsRegistered() {
    Serializer<PlatformEvent> serializer = serdes(PATIENCE).serializer();
    byte[] first = bytes(serializer.serialize(TOPIC, event("one")));
    int requests = registry.requests().size();
    registry.close();

    byte[] second = bytes(serializer.serialize(TOPIC, event("two")));

    assertThat(registry.requests()).hasSize(requests);
    assertThat(WireFormat.schemaId(second)).isEqualTo(WireFormat.schemaId(first));
  }

  @Test
  void whatWasRegisteredAtTheStartIsWrittenWithoutTheRegistry() {
    EventSerdes serdes = serdes(PATIENCE);
    int id = serdes.registry().register(Topics.PLATFORM_EVENTS);
    registry.close();

    byte[] bytes =
        bytes(
            serdes
                .withPatience(Duration.ZERO)
                .<PlatformEvent>serializer()
                .serialize(TOPIC, event("one")));

    assertThat(WireFormat.schemaId(bytes)).isEqualTo(id);
  }

  @Test
  void theSecondValueIsWrittenLikeTheFirst() {
    Serializer<PlatformEvent> serializer = serdes(PATIENCE).serializer();

    byte[] first = bytes(serializer.serialize(TOPIC, event("same")));
    byte[] second = bytes(serializer.serialize(TOPIC, event("same")));

    assertThat(second).isEqualTo(first);
  }

  @Test
  void aValueIsRegisteredUnderTheSubjectOfItsTopic() {
    byte[] _ = serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, event("one"));

    assertThat(registry.requests())
        .anyMatch(request -> request.startsWith("POST /apis/registry/v3/groups/default/artifacts"));
  }

  @Test
  void aSchemaThatIsUnknownIsUndecodableAtOnce() {
    byte[] bytes = WireFormat.frame(77, new byte[] {1, 2, 3});

    assertUndecodable(bytes, Kind.UNKNOWN_SCHEMA, "knows no schema with id 77");
    assertUndecodable(WireFormat.frame(-5, new byte[0]), Kind.UNKNOWN_SCHEMA, "id -5");
  }

  @Test
  void whatIsNotInTheWireFormatIsUndecodable() {
    assertUndecodable(new byte[0], Kind.UNDECODABLE, "found 0 bytes");
    assertUndecodable("{\"a\":1}".getBytes(UTF_8), Kind.UNDECODABLE, "magic byte 0");
  }

  @Test
  void bytesThatDoNotFitTheirSchemaAreUndecodable() {
    byte[] whole = bytes(serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, event("x")));
    byte[] overlongNumber = WireFormat.frame(WireFormat.schemaId(whole), ones(40));

    assertUndecodable(Arrays.copyOf(whole, whole.length - 2), Kind.UNDECODABLE, "does not fit");
    assertUndecodable(overlongNumber, Kind.UNDECODABLE, "does not fit");
  }

  @Test
  void aRecordOfAnotherKindIsUndecodable() {
    Schema other = SchemaBuilder.record("Other").fields().requiredInt("unrelated").endRecord();
    byte[] bytes = WireFormat.frame(registry.add(other), new byte[] {2});

    assertUndecodable(bytes, Kind.UNDECODABLE, "what " + TOPIC + " carries");
  }

  @Test
  void aSchemaThatIsNoAvroIsUndecodable() {
    byte[] bytes = WireFormat.frame(registry.add("syntax = \"proto3\";"), new byte[] {2});

    assertUndecodable(bytes, Kind.UNDECODABLE, "no Avro schema that stands alone");
  }

  @Test
  void aTombstoneIsNull() {
    assertThat(reader(PATIENCE).deserialize(TOPIC, null)).isNull();
    assertThat(serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, null)).isNull();
  }

  @Test
  void aRegistryThatStaysAwayIsUnavailableNotUndecodable() {
    byte[] bytes = written();
    Deserializer<PlatformEvent> reader = reader(PATIENCE);
    registry.close();

    assertThatThrownBy(() -> reader.deserialize(TOPIC, bytes))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("within PT0.7S");
  }

  @Test
  void aRegistryThatFailsByItselfIsWaitedForToo() {
    byte[] bytes = written();
    registry.failWith(503);

    assertThatThrownBy(() -> reader(PATIENCE).deserialize(TOPIC, bytes))
        .isInstanceOf(RegistryUnavailableException.class);
    assertThatThrownBy(
            () -> serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, event("x")))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void aRegistryThatGoesAwayBetweenTwoReadersIsUnavailableNotUndecodable() {
    EventSerdes serdes = serdes(PATIENCE);
    byte[] bytes = written();
    assertThat(serdes.deserializer(Topics.PLATFORM_EVENTS).deserialize(TOPIC, bytes)).isNotNull();
    Deserializer<PlatformEvent> second = serdes.deserializer(Topics.PLATFORM_EVENTS);
    registry.close();

    assertThatThrownBy(() -> second.deserialize(TOPIC, bytes))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void aReaderGoesOnWhenTheRegistryComesBack() throws Exception {
    byte[] bytes = written();
    Deserializer<PlatformEvent> reader = reader(Duration.ofSeconds(30));
    registry.close();

    CompletableFuture<@Nullable PlatformEvent> read =
        CompletableFuture.supplyAsync(() -> reader.deserialize(TOPIC, bytes));
    assertThat(read).isNotDone();
    registry.start();

    Awaitility.await().atMost(Duration.ofSeconds(20)).until(read::isDone);
    assertThat(read.join()).isEqualTo(event("written"));
  }

  @Test
  void aWriterGoesOnWhenTheRegistryComesBack() throws Exception {
    registry.close();
    Serializer<PlatformEvent> serializer = serdes(Duration.ofSeconds(30)).serializer();

    CompletableFuture<byte @Nullable []> write =
        CompletableFuture.supplyAsync(() -> serializer.serialize(TOPIC, event("x")));
    registry.start();

    Awaitility.await().atMost(Duration.ofSeconds(20)).until(write::isDone);
    assertThat(write.join()).isNotEmpty();
  }

  @Test
  void aReaderThatHasSeenASchemaNeedsNoRegistry() {
    Deserializer<PlatformEvent> reader = reader(PATIENCE);
    byte[] bytes = written();
    assertThat(reader.deserialize(TOPIC, bytes)).isNotNull();
    registry.close();

    assertThat(reader.deserialize(TOPIC, bytes)).isEqualTo(event("written"));
  }

  @Test
  void aFieldOfANewerProducerIsIgnored() throws IOException {
    Schema newer = newerPlatformEvent();
    byte[] bytes = WireFormat.frame(registry.add(newer), Samples.encode(Samples.random(newer, 1)));

    assertThat(reader(PATIENCE).deserialize(TOPIC, bytes)).isInstanceOf(PlatformEvent.class);
  }

  @Test
  void theGenericReaderKeepsTheFieldsOfTheWriter() throws IOException {
    Schema newer = newerPlatformEvent();
    byte[] bytes = WireFormat.frame(registry.add(newer), Samples.encode(Samples.random(newer, 1)));

    GenericRecord record = serdes(PATIENCE).genericDeserializer().deserialize(TOPIC, bytes);

    assertThat(record).isNotNull();
    assertThat(record.hasField("added_later")).isTrue();
  }

  @Test
  void aReaderMayBeUsedByManyThreads() throws Exception {
    Serializer<PlatformEvent> serializer = serdes(PATIENCE).serializer();
    Deserializer<PlatformEvent> reader = reader(PATIENCE);
    List<Future<Boolean>> results = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2_000; i++) {
        PlatformEvent event = event("type-" + i);
        results.add(
            executor.submit(
                () -> event.equals(reader.deserialize(TOPIC, serializer.serialize(TOPIC, event)))));
      }
    }

    for (Future<Boolean> result : results) {
      assertThat(result.get()).isTrue();
    }
    assertThat(registry.size()).isEqualTo(1);
  }

  @Test
  void aSerdeThatIsNotThereIsSaidSo() {
    RegistryConfig config =
        new RegistryConfig(
            registry.url(), registry.url(), "no.such.Serializer", "no.such.Other", PATIENCE);

    assertThatThrownBy(() -> EventSerdes.of(config).serializer())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found no no.such.Serializer");
  }

  @Test
  void aSerializerThatFailsForAnotherReasonIsNotWaitedFor() {
    Serializer<PlatformEvent> broken =
        (topic, value) -> {
          throw new IllegalArgumentException("refused");
        };

    assertThatThrownBy(() ->
            new EventSerializer<>(broken, serdes(Duration.ofMinutes(5)).registry())
                .serialize(TOPIC, event("x")))
        .isInstanceOf(SerializationException.class)
        .isNotInstanceOf(RegistryUnavailableException.class)
        .hasRootCauseMessage("refused");
  }

  private void assertUndecodable(byte[] bytes, Kind kind, String message) {
    assertThatThrownBy(() -> reader(Duration.ofSeconds(20)).deserialize(TOPIC, bytes))
        .isInstanceOfSatisfying(
            UndecodableException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(message);
  }

  private byte[] written() {
    return bytes(serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, event("written")));
  }

  private EventSerdes serdes(Duration patience) {
    return EventSerdes.of(RegistryConfig.apicurio(registry.url()).withPatience(patience));
  }

  private Deserializer<PlatformEvent> reader(Duration patience) {
    return serdes(patience).deserializer(Topics.PLATFORM_EVENTS);
  }

  private static PlatformEvent event(String type) {
    return Samples.platformEvent(type);
  }

  private static Schema newerPlatformEvent() {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : PlatformEvent.getClassSchema().getFields()) {
      fields.add(new Schema.Field(field, field.schema()));
    }
    fields.add(new Schema.Field("added_later", Schema.create(Schema.Type.LONG), "New.", 0L));
    return Schema.createRecord(
        "PlatformEvent", "Newer.", PlatformEvent.class.getPackageName(), false, fields);
  }

  private static byte[] bytes(byte @Nullable [] bytes) {
    return requireNonNull(bytes);
  }

  private static byte[] ones(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xff);
    return bytes;
  }
}
