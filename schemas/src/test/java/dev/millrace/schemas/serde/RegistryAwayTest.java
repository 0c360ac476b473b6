package dev.millrace.schemas.serde;

import static dev.millrace.schemas.serde.PlatformEvents.PATIENCE;
import static dev.millrace.schemas.serde.PlatformEvents.TOPIC;
import static dev.millrace.schemas.serde.PlatformEvents.bytes;
import static dev.millrace.schemas.serde.PlatformEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.platform.PlatformEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryAwayTest {

  private final PlatformEvents events = new PlatformEvents();

  @AfterEach
  void stop() {
    events.close();
  }

  @Test
  void aRegistryThatStaysAwayIsUnavailableNotUndecodable() {
    byte[] bytes = events.written();
    Deserializer<PlatformEvent> reader = events.reader(PATIENCE);
    events.registry.close();

    assertThatThrownBy(() -> reader.deserialize(TOPIC, bytes))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("within PT0.7S");
  }

  @Test
  void aRegistryThatFailsByItselfIsWaitedForToo() {
    byte[] bytes = events.written();
    events.registry.failWith(503);

    assertThatThrownBy(() -> events.reader(PATIENCE).deserialize(TOPIC, bytes))
        .isInstanceOf(RegistryUnavailableException.class);
    assertThatThrownBy(
            () -> events.serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, event("x")))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void aRegistryThatGoesAwayBetweenTwoReadersIsUnavailableNotUndecodable() {
    EventSerdes serdes = events.serdes(PATIENCE);
    byte[] bytes = events.written();
    assertThat(serdes.deserializer(Topics.PLATFORM_EVENTS).deserialize(TOPIC, bytes)).isNotNull();
    Deserializer<PlatformEvent> second = serdes.deserializer(Topics.PLATFORM_EVENTS);
    events.registry.close();

    assertThatThrownBy(() -> second.deserialize(TOPIC, bytes))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void aReaderGoesOnWhenTheRegistryComesBack() throws Exception {
    byte[] bytes = events.written();
    Deserializer<PlatformEvent> reader = events.reader(Duration.ofSeconds(30));
    events.registry.close();

    CompletableFuture<@Nullable PlatformEvent> read =
        CompletableFuture.supplyAsync(() -> reader.deserialize(TOPIC, bytes));
    assertThat(read).isNotDone();
    events.registry.start();

    Awaitility.await().atMost(Duration.ofSeconds(20)).until(read::isDone);
    assertThat(read.join()).isEqualTo(event("written"));
  }

  @Test
  void aWriterGoesOnWhenTheRegistryComesBack() throws Exception {
    events.registry.close();
    Serializer<PlatformEvent> serializer = events.serdes(Duration.ofSeconds(30)).serializer();

    CompletableFuture<byte @Nullable []> write =
        CompletableFuture.supplyAsync(() -> serializer.serialize(TOPIC, event("x")));
    events.registry.start();

    Awaitility.await().atMost(Duration.ofSeconds(20)).until(write::isDone);
    assertThat(write.join()).isNotEmpty();
  }

  @Test
  void aReaderThatHasSeenASchemaNeedsNoRegistry() {
    Deserializer<PlatformEvent> reader = events.reader(PATIENCE);
    byte[] bytes = events.written();
    assertThat(reader.deserialize(TOPIC, bytes)).isNotNull();
    events.registry.close();

    assertThat(reader.deserialize(TOPIC, bytes)).isEqualTo(event("written"));
  }

  @Test
  void whatWasRegisteredAtTheStartIsWrittenWithoutTheRegistry() {
    EventSerdes serdes = events.serdes(PATIENCE);
    int id = serdes.registry().register(Topics.PLATFORM_EVENTS);
    events.registry.close();

    byte[] bytes =
        bytes(
            serdes
                .withPatience(Duration.ZERO)
                .<PlatformEvent>serializer()
                .serialize(TOPIC, event("one")));

    assertThat(WireFormat.schemaId(bytes)).isEqualTo(id);
  }

  @Test
  void onlyTheFirstValueOfASchemaIsRegistered() {
    Serializer<PlatformEvent> serializer = events.serdes(PATIENCE).serializer();
    byte[] first = bytes(serializer.serialize(TOPIC, event("one")));
    int requests = events.registry.requests().size();
    events.registry.close();

    byte[] second = bytes(serializer.serialize(TOPIC, event("two")));

    assertThat(events.registry.requests()).hasSize(requests);
    assertThat(WireFormat.schemaId(second)).isEqualTo(WireFormat.schemaId(first));
  }
}
