package dev.millrace.runtime.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.serde.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Properties;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class StreamsDeadLettersTest {

  private static final String TRACEPARENT =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final TopologyTestDriver driver = driver();
  private final TestInputTopic<byte[], byte[]> in =
      driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
  private final TestOutputTopic<String, String> out =
      driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer());
  private final TestOutputTopic<byte[], byte[]> dead =
      driver.createOutputTopic(
          Topics.DEAD_LETTERS.name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void aValueThatCannotBeReadIsADeadLetterAndTheStreamGoesOn() throws IOException {
    pipe("key-1", "no wire format");
    pipe("key-2", framed("good"));

    assertThat(out.readValuesToList()).containsExactly("good");
    DeadLetter letter = letter(dead.readRecord());
    assertThat(letter.getError()).isEqualTo("undecodable");
    assertThat(letter.getTopic()).isEqualTo("in");
    assertThat(letter.getPartition()).isZero();
    assertThat(letter.getOffset()).isZero();
    assertThat(letter.getApp()).isEqualTo("test-app");
    assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap("key-1".getBytes(UTF_8)));
    assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap("no wire format".getBytes(UTF_8)));
  }

  @Test
  void anEventThatAProcessorRefusesIsADeadLetterAndTheStreamGoesOn() throws IOException {
    pipe("key-1", framed("refuse"));
    pipe("key-2", framed("good"));

    assertThat(out.readValuesToList()).containsExactly("good");
    TestRecord<byte[], byte[]> record = dead.readRecord();
    DeadLetter letter = letter(record);
    assertThat(letter.getError()).isEqualTo("invalid");
    assertThat(letter.getReason()).isEqualTo("makes no sense");
    assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(bytes(framed("refuse"))));
    assertThat(new String(record.key(), UTF_8)).isEqualTo("key-1");
  }

  @Test
  void aRecordThatIsTooLargeForADeadLetterLeavesItsValueOut() throws IOException {
    pipe("key-1", "x".repeat(9 << 20));

    DeadLetter letter = letter(dead.readRecord());
    assertThat(letter.getError()).isEqualTo("undecodable");
    assertThat(letter.getValue()).isNull();
    assertThat(letter.getReason()).contains("the value is left out");
  }

  @ParameterizedTest
  @CsvSource({"5, 1", "3, 4", "9, 1", "1, 9", "9, 9"})
  void aDeadLetterFitsItsTopicWhateverItsRecordHolds(int keyMebibytes, int valueMebibytes) {
    in.pipeInput(noText(keyMebibytes << 20), noText(valueMebibytes << 20));

    assertThat(bytesOf(dead.readRecord()))
        .isLessThan(Long.parseLong(Topics.DEAD_LETTERS.config().get("max.message.bytes")));
  }

  @Test
  void aLongKeyIsKeptWholeWhereTheLetterHasRoomForIt() throws IOException {
    byte[] key = noText(5 << 20);
    in.pipeInput(key, noText(1 << 20));

    DeadLetter letter = letter(dead.readRecord());
    assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(key));
    assertThat(letter.getValue()).isNotNull();
  }

  @Test
  void aKeyThatIsTooLargeForADeadLetterIsCutAndTheReasonSaysSo() throws IOException {
    in.pipeInput(noText(9 << 20), bytes("no wire format"));

    DeadLetter letter = letter(dead.readRecord());
    assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(noText(64 << 10)));
    assertThat(letter.getReason()).contains("left out, and the key after 65536 bytes");
  }

  @Test
  void aDeadLetterStaysInTheTraceOfItsRecord() {
    Headers headers = new RecordHeaders();
    headers.add("traceparent", TRACEPARENT.getBytes(UTF_8));
    headers.add("ce_id", "event-1".getBytes(UTF_8));
    in.pipeInput(new TestRecord<>(bytes("key"), bytes("no wire format"), headers));

    Headers written = dead.readRecord().headers();
    assertThat(text(written, "traceparent")).contains("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(text(written, "ce_source")).isEqualTo("test-app");
    assertThat(text(written, "ce_type")).isEqualTo("dev.millrace.dead.letters");
    assertThat(text(written, "ce_id")).isNotEqualTo("event-1");
  }

  @Test
  void aRecordThatIsGivenUpIsOneLineOfTheLog() {
    Logger logger = (Logger) LoggerFactory.getLogger(StreamsDeadLetters.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.WARN);
    try {
      pipe("key-1", "no wire format");
    } finally {
      logger.setLevel(null);
      logger.detachAppender(lines);
    }

    assertThat(lines.list)
        .singleElement()
        .satisfies(line -> assertThat(line.getThrowableProxy()).isNull())
        .extracting(line -> line.getKeyValuePairs().toString())
        .asString()
        .contains("offset=\"0\"", "error=\"undecodable\"", "expected magic byte 0");
  }

  @Test
  void anyOtherFailureStopsTheThreadSoThatTheEventIsProcessedAgain() {
    assertThatThrownBy(() -> pipe("key-1", framed("break")))
        .isInstanceOf(StreamsException.class)
        .hasRootCauseMessage("broken");
    assertThat(dead.isEmpty()).isTrue();
  }

  private void pipe(String key, String value) {
    in.pipeInput(bytes(key), bytes(value), Instant.parse("2026-03-01T10:00:00Z"));
  }

  private static TopologyTestDriver driver() {
    StreamsBuilder builder = new StreamsBuilder();
    Deserializer<String> wireFormat =
        (_, value) -> {
          int schemaId = WireFormat.schemaId(value);
          return new String(value, WireFormat.PREFIX_LENGTH, value.length - 5, UTF_8)
              + (schemaId == 1 ? "" : "?");
        };
    builder.stream(
            "in",
            Consumed.with(Serdes.String(), Serdes.serdeFrom(new StringSerializer(), wireFormat)))
        .mapValues(StreamsDeadLettersTest::process)
        .to("out", Produced.with(Serdes.String(), Serdes.String()));
    return new TopologyTestDriver(builder.build(), properties());
  }

  private static String process(String value) {
    return switch (value) {
      case "refuse" -> throw new InvalidEventException("makes no sense");
      case "break" -> throw new IllegalStateException("broken");
      default -> value;
    };
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    properties.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        DeadLetteringDeserializationHandler.class);
    properties.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
        DeadLetteringProcessingHandler.class);
    properties.put(
        StreamsDeadLetters.CONFIG,
        new StreamsDeadLetters("test-app", (_, letter) -> encode(letter)));
    return properties;
  }

  private static byte[] encode(DeadLetter letter) {
    try {
      return letter.toByteBuffer().array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DeadLetter letter(TestRecord<byte[], byte[]> record) throws IOException {
    return DeadLetter.fromByteBuffer(ByteBuffer.wrap(record.value()));
  }

  private static String framed(String text) {
    return "\u0000\u0000\u0000\u0000\u0001" + text;
  }

  /** Bytes that are no UTF-8: each becomes three where it is read as text. */
  private static byte[] noText(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xff);
    return bytes;
  }

  private static long bytesOf(TestRecord<byte[], byte[]> record) {
    long headers = 0;
    for (Header header : record.headers()) {
      headers += header.key().length() + header.value().length;
    }
    return record.key().length + record.value().length + headers;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), UTF_8);
  }
}
