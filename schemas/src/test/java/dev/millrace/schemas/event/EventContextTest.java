package dev.millrace.schemas.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.platform.PlatformEvent;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventContextTest {

  private static final long TIMESTAMP = 1_772_359_200_000L;

  @Test
  void whatIsWrittenIsReadBack() {
    EventContext context = EventContext.start("test", TraceContext.start());
    PlatformEvent event = PlatformEvent.newBuilder().setEventType("x").setSource("billing").build();
    ProducerRecord<String, SpecificRecord> record =
        EventHeaders.record(Topics.PLATFORM_EVENTS, "billing", event, context);

    EventContext read = EventContext.of(consumed(record.headers()));

    assertThat(read).isEqualTo(context);
    assertThat(header(record.headers(), "ce_specversion")).contains("1.0");
    assertThat(header(record.headers(), "ce_type")).contains("dev.millrace.platform.events");
    assertThat(header(record.headers(), "ce_subject")).contains("billing");
    assertThat(header(record.headers(), "content-type")).contains("application/avro");
    assertThat(record.timestamp()).isEqualTo(context.time().toEpochMilli());
  }

  @Test
  void withoutHeadersEverythingIsMadeFromThePlace() {
    EventContext context = EventContext.of(consumed(new RecordHeaders()));

    assertThat(context.id().value()).isEqualTo("platform.events/2/41");
    assertThat(context.source()).isEqualTo("external");
    assertThat(context.time()).isEqualTo(Instant.ofEpochMilli(TIMESTAMP));
    assertThat(context.trace()).isEqualTo(TraceContext.of(context.id()));
    assertThat(context.replayId()).isNull();
    assertThat(EventContext.of(consumed(new RecordHeaders()))).isEqualTo(context);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "<long>"})
  void anIdentityThatIsBlankOrTooLongIsNone(String id) {
    String value = id.equals("<long>") ? "x".repeat(EventId.MAX_LENGTH + 1) : id;

    EventContext context = EventContext.of(consumed(headers("ce_id", value)));

    assertThat(context.id().value()).isEqualTo("platform.events/2/41");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"yesterday", "1772359200", "+1000000000-12-31T23:59:59Z", "-0001-01-01T00:00:00Z"})
  void aTimeThatMakesNoSenseIsNone(String time) {
    EventContext context = EventContext.of(consumed(headers("ce_time", time)));

    assertThat(context.time()).isEqualTo(Instant.ofEpochMilli(TIMESTAMP));
  }

  @Test
  void aTraceparentThatIsMalformedIsNone() {
    EventContext context = EventContext.of(consumed(headers("traceparent", "00-zz-zz-01")));

    assertThat(context.trace()).isEqualTo(TraceContext.of(context.id()));
  }

  @Test
  void aHeaderWithoutAValueIsNone() {
    Headers headers = new RecordHeaders();
    headers.add("ce_id", null);
    headers.add("ce_source", null);

    EventContext context = EventContext.of(consumed(headers));

    assertThat(context.source()).isEqualTo("external");
  }

  @Test
  void anEventThatIsProcessedTwiceLeadsToTheSameIdentity() {
    EventContext cause = EventContext.start("test", TraceContext.start());

    EventContext once = cause.derive("task-router", "queued");
    EventContext twice = cause.derive("task-router", "queued");

    assertThat(once.id()).isEqualTo(twice.id());
    assertThat(once.id()).isNotEqualTo(cause.derive("task-router", "dispatched").id());
    assertThat(once.trace().traceId()).isEqualTo(cause.trace().traceId());
    assertThat(once.source()).isEqualTo("task-router");
  }

  @Test
  void anIdentityHasALimit() {
    assertThatThrownBy(() -> new EventId("x".repeat(257)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EventId(" ")).isInstanceOf(IllegalArgumentException.class);
  }

  private static Headers headers(String name, String value) {
    Headers headers = new RecordHeaders();
    headers.add(name, value.getBytes(UTF_8));
    return headers;
  }

  private static Optional<String> header(Headers headers, String name) {
    return Optional.ofNullable(headers.lastHeader(name)).map(h -> new String(h.value(), UTF_8));
  }

  private static ConsumerRecord<String, @Nullable String> consumed(Headers headers) {
    return new ConsumerRecord<>(
        "platform.events",
        2,
        41,
        TIMESTAMP,
        TimestampType.CREATE_TIME,
        1,
        1,
        "billing",
        null,
        headers,
        Optional.empty());
  }
}
