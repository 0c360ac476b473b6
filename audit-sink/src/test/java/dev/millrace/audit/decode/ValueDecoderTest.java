package dev.millrace.audit.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.audit.Records;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.github.GithubEvent;
import dev.millrace.schemas.health.HealthMetric;
import dev.millrace.schemas.serde.RegistryConfig;
import dev.millrace.schemas.serde.RegistryUnavailableException;
import dev.millrace.schemas.serde.SchemaRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.util.RandomData;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueDecoderTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123Z");

  static List<Topic<?>> topics() {
    return Topics.all(List.of("claude"));
  }

  @ParameterizedTest
  @MethodSource("topics")
  void everyRecordOfTheCatalogueBecomesJsonWithItsValues(Topic<?> topic) throws IOException {
    ValueDecoder decoder = decoder(topic.schema(), true);
    for (Object value : new RandomData(topic.schema(), 50, 42)) {
      byte[] bytes = Records.avro(topic.schema(), value, 1);

      DecodedValue decoded = decoder.decode(topic.name(), bytes);

      assertThat(decoded.error()).isNull();
      assertThat(decoded.schemaId()).isEqualTo(1);
      assertThat(json(decoded)).isEqualTo(NaturalJson.of(topic.schema(), value));
      assertThat(decoded.value()).isInstanceOf(topic.valueType());
    }
  }

  @Test
  void aTextThatHoldsJsonIsEmbedded() throws IOException {
    JsonNode json = json(decode(github("{\"ref\":\"refs/heads/main\",\"n\":1.10}")));

    assertThat(json.path("payload").path("ref").asText()).isEqualTo("refs/heads/main");
    assertThat(json.path("payload").path("n").decimalValue()).isEqualByComparingTo("1.10");
    assertThat(json.path("received_at").asText()).isEqualTo(NOW.toString());
  }

  @Test
  void aTextThatShouldHoldJsonAndDoesNotStaysAText() throws IOException {
    for (String text : List.of("{\"a\":", "", "{} {}", "nothing", "{\"a\":1}x", "\u0001")) {
      assertThat(json(decode(github(text))).path("payload").asText()).isEqualTo(text);
    }
  }

  @Test
  void whatPostgresCannotHoldIsReplacedAndSaidSo() throws IOException {
    for (String text :
        List.of("{\"a\\u0000b\":\"c\\ud800d\"}", "plain \u0000 text", "{\"x\":\"\\u0000\"}")) {
      DecodedValue decoded = decode(github(text));

      assertThat(decoded.error()).contains("U+0000");
      assertThat(new String(bytes(decoded), StandardCharsets.UTF_8))
          .contains("\uFFFD")
          .doesNotContain("\\u0000");
    }
  }

  @Test
  void aNumberBeyondPostgresIsKeptAsText() throws IOException {
    JsonNode json = json(decode(github("{\"n\":1e999999,\"m\":-1.5e-7,\"k\":1e99999999999}")));

    assertThat(json.path("payload").path("n").asText()).isEqualTo("1e999999");
    assertThat(json.path("payload").path("k").isTextual()).isTrue();
    assertThat(json.path("payload").path("m").isNumber()).isTrue();
  }

  @Test
  void numbersThatJsonDoesNotKnowAreTexts() throws IOException {
    HealthMetric metric =
        HealthMetric.newBuilder().setProject("shop").setName("cpu").setValue(Double.NaN).build();

    DecodedValue decoded =
        decoder(HealthMetric.getClassSchema(), false)
            .decode("health.metrics", Records.avro(metric.getSchema(), metric, 1));

    assertThat(json(decoded).path("value").asText()).isEqualTo("NaN");
  }

  @Test
  void invalidUtf8IsReplaced() throws IOException {
    Schema schema = SchemaBuilder.record("R").fields().requiredString("s").endRecord();
    GenericRecord record =
        new GenericRecordBuilder(schema)
            .set("s", new Utf8(new byte[] {'a', (byte) 0xC3, 'b'}))
            .build();

    DecodedValue decoded =
        decoder(schema, false).decode("other.topic", Records.avro(schema, record, 1));

    assertThat(json(decoded).path("s").asText()).isEqualTo("a\uFFFDb");
  }

  @Test
  void aValueThatIsNotAvroIsKeptWithTheReason() {
    ValueDecoder decoder = decoder(HealthMetric.getClassSchema(), true);

    assertThat(decoder.decode("health.metrics", "hello".getBytes(StandardCharsets.UTF_8)).error())
        .contains("magic byte");
    assertThat(decoder.decode("health.metrics", new byte[] {0, 0, 0, 0, 1, 40}).error())
        .isNotNull();
    assertThat(decoder.decode("health.metrics", new byte[] {0, 0, 0, 0, 9}).error())
        .contains("no schema with id");
  }

  @ParameterizedTest
  @ValueSource(longs = {12_000_000, 1L << 30, 1L << 34})
  void aFewBytesThatClaimMillionsOfElementsDoNotTakeTheMemory(long claimed) {
    Schema schema = Schema.createArray(Schema.create(Schema.Type.NULL));
    byte[] value = ByteBuffer.allocate(11).put((byte) 0).putInt(1).put(claimed(claimed)).array();

    DecodedValue decoded = decoder(schema, false).decode("other.topic", value);

    assertThat(decoded.error()).contains("larger");
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 30, 1L << 34, -1})
  void aTextThatClaimsMoreThanThereIsIsUndecodable(long claimed) {
    Schema schema = Schema.create(Schema.Type.STRING);
    byte[] value = ByteBuffer.allocate(11).put((byte) 0).putInt(1).put(claimed(claimed)).array();

    DecodedValue decoded = decoder(schema, false).decode("other.topic", value);

    assertThat(decoded.error()).isNotNull();
    assertThat(decoded.json()).isNull();
  }

  private static byte[] claimed(long count) {
    byte[] varint = new byte[6];
    long zigzag = (count << 1) ^ (count >> 63);
    for (int i = 0; i < varint.length; i++) {
      varint[i] = (byte) ((zigzag & 0x7F) | (i < varint.length - 1 ? 0x80 : 0));
      zigzag >>>= 7;
    }
    return varint;
  }

  @Test
  void aRecordThatNestsWithoutEndIsRefused() {
    Schema node = Schema.createRecord("Node", null, "test", false);
    node.setFields(
        List.of(
            new Schema.Field(
                "next", Schema.createUnion(Schema.create(Schema.Type.NULL), node), null, null)));
    byte[] value = new byte[5 + 5_000];
    Arrays.fill(value, (byte) 2);
    ByteBuffer.wrap(value).put((byte) 0).putInt(1);

    assertThat(decoder(node, false).decode("other.topic", value).error()).contains("levels");
  }

  @Test
  void aTombstoneHasNoValueAndNoError() {
    DecodedValue decoded = decoder(HealthMetric.getClassSchema(), true).decode("a.b", null);

    assertThat(decoded.json()).isNull();
    assertThat(decoded.error()).isNull();
  }

  @Test
  void aRecordOfAnotherTypeIsKeptAndNotReadAsTheTopicsType() throws IOException {
    Schema schema = SchemaBuilder.record("Other").fields().requiredInt("n").endRecord();
    GenericRecord record = new GenericRecordBuilder(schema).set("n", 7).build();

    DecodedValue decoded =
        decoder(schema, true).decode("github.events", Records.avro(schema, record, 1));

    assertThat(json(decoded).path("n").asInt()).isEqualTo(7);
    assertThat(decoded.value()).isNull();
    assertThat(decoded.error()).contains("not a GithubEvent");
  }

  @Test
  void aRegistryThatIsAwayIsNotTheRecordsFault() {
    ValueDecoder decoder = new ValueDecoder(away()::schema, topic -> false);

    assertThatThrownBy(() -> decoder.decode("task.events", new byte[] {0, 0, 0, 0, 1, 2}))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void logicalTypesOfOtherProducersBecomeIso() throws IOException {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Times", "fields": [
                  {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                  {"name": "noon", "type": {"type": "int", "logicalType": "time-millis"}},
                  {"name": "price", "type":
                    {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
                  {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 2}}]}
                """);
    GenericRecord record =
        new GenericRecordBuilder(schema)
            .set("day", 1)
            .set("at", -1L)
            .set("noon", 43_200_000)
            .set("price", ByteBuffer.wrap(new byte[] {4, (byte) 0xD2}))
            .set("hash", new GenericData.Fixed(schema.getField("hash").schema(), new byte[] {1, 2}))
            .build();

    JsonNode json =
        json(decoder(schema, false).decode("other.topic", Records.avro(schema, record, 1)));

    assertThat(json.toString())
        .isEqualTo(
            "{\"day\":\"1970-01-02\",\"at\":\"1969-12-31T23:59:59.999999Z\","
                + "\"noon\":\"12:00\",\"price\":12.34,\"hash\":\"AQI=\"}");
  }

  private static DecodedValue decode(GithubEvent event) {
    return decoder(GithubEvent.getClassSchema(), false)
        .decode("github.events", Records.avro(event.getSchema(), event, 1));
  }

  private static GithubEvent github(String payload) {
    return GithubEvent.newBuilder()
        .setDeliveryId("d1")
        .setEvent("push")
        .setRepository("acme/shop")
        .setPayload(payload)
        .setReceivedAt(NOW)
        .build();
  }

  /** A decoder that knows one schema, as number 1. */
  private static ValueDecoder decoder(Schema schema, boolean typed) {
    return new ValueDecoder(
        id -> id == 1 ? schema : away().schema(-id), // no id is negative, so none is known
        topic -> typed);
  }

  private static SchemaRegistry away() {
    return new SchemaRegistry(
        RegistryConfig.apicurio(URI.create("http://127.0.0.1:1"))
            .withPatience(Duration.ofMillis(1)));
  }

  private static JsonNode json(DecodedValue decoded) throws IOException {
    return MAPPER.readTree(bytes(decoded));
  }

  private static byte[] bytes(DecodedValue decoded) {
    return Objects.requireNonNull(decoded.json(), () -> "no JSON: " + decoded.error());
  }
}
