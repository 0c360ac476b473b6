package dev.millrace.schemas.serde;

import static dev.millrace.schemas.serde.PlatformEvents.PATIENCE;
import static dev.millrace.schemas.serde.PlatformEvents.TOPIC;
import static dev.millrace.schemas.serde.PlatformEvents.bytes;
import static dev.millrace.schemas.serde.PlatformEvents.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.serde.UndecodableException.Kind;
import java.time.Duration;
import java.util.Arrays;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UndecodableValuesTest {

  private final PlatformEvents events = new PlatformEvents();

  @AfterEach
  void stop() {
    events.close();
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
    byte[] whole =
        bytes(events.serdes(PATIENCE).<PlatformEvent>serializer().serialize(TOPIC, event("x")));
    byte[] overlongNumber = WireFormat.frame(WireFormat.schemaId(whole), ones(40));

    assertUndecodable(Arrays.copyOf(whole, whole.length - 2), Kind.UNDECODABLE, "does not fit");
    assertUndecodable(overlongNumber, Kind.UNDECODABLE, "does not fit");
  }

  @Test
  void aRecordOfAnotherKindIsUndecodable() {
    Schema other = SchemaBuilder.record("Other").fields().requiredInt("unrelated").endRecord();
    byte[] bytes = WireFormat.frame(events.registry.add(other), new byte[] {2});

    assertUndecodable(bytes, Kind.UNDECODABLE, "what " + TOPIC + " carries");
  }

  @Test
  void aSchemaThatIsNoAvroIsUndecodable() {
    byte[] bytes = WireFormat.frame(events.registry.add("syntax = \"proto3\";"), new byte[] {2});

    assertUndecodable(bytes, Kind.UNDECODABLE, "no Avro schema that stands alone");
  }

  private void assertUndecodable(byte[] bytes, Kind kind, String message) {
    assertThatThrownBy(() -> events.reader(Duration.ofSeconds(20)).deserialize(TOPIC, bytes))
        .isInstanceOfSatisfying(
            UndecodableException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(message);
  }

  private static byte[] ones(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xff);
    return bytes;
  }
}
