package dev.millrace.gateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.http.Json;
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

    LiveEvent event =
        LiveEventReader.event(
            new ConsumerRecord<>("platform.events", 1, 7, "source".getBytes(UTF_8), new byte[0]),
            value);

    assertThat(event.frame().lines())
        .startsWith("id: platform.events/1/7", "event: platform.events")
        .hasSize(4);
    JsonNode data = Json.read(event.frame().lines().toList().get(2).substring("data: ".length()));
    assertThat(data.get("key").asString()).isEqualTo("source");
    assertThat(data.get("offset").asInt()).isEqualTo(7);
    assertThat(data.at("/data/data/chunks_added").asInt()).isEqualTo(5);
  }
}
