package dev.millrace.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.platform.PlatformEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LiveEventReaderTest {

  @Test
  void anEventIsOneLineWithItsPlaceAndItsValue() {
    PlatformEvent value =
        PlatformEvent.newBuilder()
            .setEventType("blueprint_updated")
            .setSource("updateKnowledge")
            .setData("{\n  \"chunks_added\": 5\n}")
            .build();

    ConsumerRecord<byte[], byte[]> record = record();
    record.headers().add(EventHeaders.TYPE, Topics.PLATFORM_EVENTS.eventType().getBytes(UTF_8));

    LiveEvent event = LiveEventReader.event(record, value);

    assertThat(event.frame().lines())
        .startsWith("id: platform.events/1/7", "event: platform.events")
        .hasSize(4);
    JsonNode data = data(event);
    assertThat(data.get("event_type").asString()).isEqualTo(Topics.PLATFORM_EVENTS.eventType());
    assertThat(data.get("key").asString()).isEqualTo("source");
    assertThat(data.get("offset").asInt()).isEqualTo(7);
    assertThat(data.at("/data/data/chunks_added").asInt()).isEqualTo(5);
  }

  @Test
  void anEventWhoseProducerDoesNotSayHasNoType() {
    PlatformEvent value =
        PlatformEvent.newBuilder().setEventType("x").setSource("y").setData("{}").build();

    LiveEvent event = LiveEventReader.event(record(), value);

    assertThat(data(event).get("event_type").isNull()).isTrue();
  }

  private static ConsumerRecord<byte[], byte[]> record() {
    return new ConsumerRecord<>("platform.events", 1, 7, "source".getBytes(UTF_8), new byte[0]);
  }

  private static JsonNode data(LiveEvent event) {
    return Json.read(event.frame().lines().toList().get(2).substring("data: ".length()));
  }
}
