package dev.millrace.schemas.serde;

import static dev.millrace.schemas.serde.PlatformEvents.PATIENCE;
import static dev.millrace.schemas.serde.PlatformEvents.TOPIC;
import static dev.millrace.schemas.serde.PlatformEvents.bytes;
import static dev.millrace.schemas.serde.PlatformEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.platform.PlatformEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventSerdesTest {

  private final PlatformEvents events = new PlatformEvents();

  @AfterEach
  void stop() {
    events.close();
  }

  @Test
  void aValueIsWrittenInTheWireFormatAndReadBack() {
    PlatformEvent event = event("blueprint_updated");

    byte[] bytes =
        bytes(events.serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, event));

    assertThat(bytes[0]).isZero();
    assertThat(WireFormat.schemaId(bytes)).isEqualTo(events.registry.add(event.getSchema()));
    assertThat(events.reader(PATIENCE).deserialize(TOPIC, bytes)).isEqualTo(event);
  }

  @Test
  void theSecondValueIsWrittenLikeTheFirst() {
    Serializer<PlatformEvent> serializer = events.serdes(PATIENCE).serializer();

    byte[] first = bytes(serializer.serialize(TOPIC, event("same")));
    byte[] second = bytes(serializer.serialize(TOPIC, event("same")));

    assertThat(second).isEqualTo(first);
  }

  @Test
  void aValueIsRegisteredUnderTheSubjectOfItsTopic() {
    byte[] _ = events.serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, event("one"));

    assertThat(events.registry.requests())
        .anyMatch(request -> request.startsWith("POST /apis/registry/v3/groups/default/artifacts"));
  }

  @Test
  void aTombstoneIsNull() {
    assertThat(events.reader(PATIENCE).deserialize(TOPIC, null)).isNull();
    assertThat(events.serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, null)).isNull();
  }

  @Test
  void aFieldOfANewerProducerIsIgnored() throws IOException {
    Schema newer = newerPlatformEvent();
    byte[] bytes =
        WireFormat.frame(events.registry.add(newer), Samples.encode(Samples.random(newer, 1)));

    assertThat(events.reader(PATIENCE).deserialize(TOPIC, bytes)).isInstanceOf(PlatformEvent.class);
  }

  @Test
  void theGenericReaderKeepsTheFieldsOfTheWriter() throws IOException {
    Schema newer = newerPlatformEvent();
    byte[] bytes =
        WireFormat.frame(events.registry.add(newer), Samples.encode(Samples.random(newer, 1)));

    GenericRecord record = events.serdes(PATIENCE).genericDeserializer().deserialize(TOPIC, bytes);

    assertThat(record).isNotNull();
    assertThat(record.hasField("added_later")).isTrue();
  }

  @Test
  void aReaderMayBeUsedByManyThreads() throws Exception {
    Serializer<PlatformEvent> serializer = events.serdes(PATIENCE).serializer();
    Deserializer<PlatformEvent> reader = events.reader(PATIENCE);
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
    assertThat(events.registry.size()).isEqualTo(1);
  }

  @Test
  void aSerdeThatIsNotThereIsSaidSo() {
    RegistryConfig config =
        new RegistryConfig(
            events.registry.url(),
            events.registry.url(),
            "no.such.Serializer",
            "no.such.Other",
            PATIENCE);

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
            new EventSerializer<>(broken, events.serdes(Duration.ofMinutes(5)).registry())
                .serialize(TOPIC, event("x")))
        .isInstanceOf(SerializationException.class)
        .isNotInstanceOf(RegistryUnavailableException.class)
        .hasRootCauseMessage("refused");
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
}
